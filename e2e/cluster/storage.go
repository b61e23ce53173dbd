package main

import (
	"context"
	"flag"
	"os"
	"os/signal"
	"syscall"

	"eider.dev/e2e/cluster/provisioner"
	"eider.dev/e2e/cluster/volumes"
)

// provision serves the cluster's storage class until it is told to stop.
func provision() int {
	kubeconfig := flag.String("kubeconfig", "", "how to reach the cluster")
	folder := flag.String("folder", "", "where the volumes' files are")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	if err := provisioner.Run(ctx, *kubeconfig, volumes.Folder(*folder)); err != nil {
		return fail("provisioner", err)
	}
	return 0
}

// mountVolumes mounts what a restart of the machine has unmounted. It must end before the kubelet
// starts, or pods would write into the empty mount points.
func mountVolumes() int {
	folder := flag.String("folder", "", "where the volumes' files are")
	flag.Parse()
	if err := volumes.Folder(*folder).MountAll(); err != nil {
		return fail("mount-volumes", err)
	}
	return 0
}
