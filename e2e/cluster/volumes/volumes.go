// Package volumes keeps disks of a real size in a folder: each is a file with an XFS file system in
// it, mounted through a loop device. A full one answers ENOSPC, as a cloud's disk does.
//
// XFS and not ext4, because to enlarge a mounted ext4 the kernel asks for CAP_SYS_RESOURCE, which
// root does not have on every machine.
package volumes

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"k8s.io/mount-utils"
)

// Folder holds NAME.xfs (the disk) and NAME (where it is mounted) for each volume. It must lie on a
// real disk itself.
type Folder string

// Path is where a volume's files are to be found.
func (f Folder) Path(name string) string { return filepath.Join(string(f), name) }

func (f Folder) disk(name string) string { return f.Path(name) + ".xfs" }

// Create makes and mounts a volume of so many bytes; one that exists already is left as it is.
func (f Folder) Create(name string, bytes int64) error {
	if _, err := os.Stat(f.disk(name)); err == nil {
		return f.mount(name)
	}
	// Only a finished file system gets the final name: a crash leaves nothing half made.
	unfinished := f.disk(name) + ".new"
	if err := os.MkdirAll(string(f), 0o755); err != nil {
		return err
	}
	if err := resize(unfinished, bytes); err != nil {
		return err
	}
	// Unsupported means smaller than 300 MB: tests want disks that are soon full. A small log and no
	// reserve for shared blocks leave most of the room to files.
	if err := run("mkfs.xfs", "-q", "-f", "--unsupported", "-l", "size=16m", "-m", "reflink=0", unfinished); err != nil {
		return err
	}
	if err := os.Rename(unfinished, f.disk(name)); err != nil {
		return err
	}
	return f.mount(name)
}

// Grow enlarges a mounted volume, while it is in use, to so many bytes.
func (f Folder) Grow(name string, bytes int64) error {
	if err := resize(f.disk(name), bytes); err != nil {
		return err
	}
	device, err := f.device(name)
	if err != nil {
		return err
	}
	if err := run("losetup", "--set-capacity", device); err != nil {
		return err
	}
	return run("xfs_growfs", "-d", f.Path(name))
}

// Remove unmounts a volume and deletes its data; one that is gone already is no error.
func (f Folder) Remove(name string) error {
	if err := mount.CleanupMountPoint(f.Path(name), mount.New(""), true); err != nil {
		return err
	}
	if err := os.Remove(f.disk(name)); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// MountAll mounts every volume that is not mounted.
func (f Folder) MountAll() error {
	disks, err := filepath.Glob(f.disk("*"))
	if err != nil {
		return err
	}
	for _, disk := range disks {
		if err := f.mount(strings.TrimSuffix(filepath.Base(disk), ".xfs")); err != nil {
			return err
		}
	}
	return nil
}

func (f Folder) mount(name string) error {
	if err := os.MkdirAll(f.Path(name), 0o755); err != nil {
		return err
	}
	unmounted, err := mount.New("").IsLikelyNotMountPoint(f.Path(name))
	if err != nil || !unmounted {
		return err
	}
	// discard: what is deleted in the volume is given back to the disk below.
	return run("mount", "-o", "loop,discard", f.disk(name), f.Path(name))
}

// device is the loop device that a volume is mounted through.
func (f Folder) device(name string) (string, error) {
	device, _, err := mount.GetDeviceNameFromMount(mount.New(""), f.Path(name))
	if err == nil && device == "" {
		err = fmt.Errorf("%s is not mounted", f.Path(name))
	}
	return device, err
}

// XFS does not go below this.
const smallest = 32 << 20

// resize sets a file's length. Nothing is written: the disk fills as the volume does.
func resize(file string, bytes int64) error {
	bytes = max(bytes, smallest)
	f, err := os.OpenFile(file, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(f.Truncate(bytes), f.Close())
}

func run(name string, arguments ...string) error {
	output, err := exec.Command(name, arguments...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s %s: %w: %s", name, strings.Join(arguments, " "), err, strings.TrimSpace(string(output)))
	}
	return nil
}
