// Eider-cluster is every program of a Kubernetes cluster on one machine, in one file, chosen by the
// first argument: upstream's own control plane, kubelet, kubectl and DNS, and a storage provisioner.
package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A program reads os.Args like any main and returns its exit code.
type program func() int

// programs are the upstream ones of kubernetes.go and our own.
func programs() map[string]program {
	all := map[string]program{
		"coredns":       dns,
		"provisioner":   provision,
		"mount-volumes": mountVolumes,
		"remove-pods":   removePods,
	}
	for name, command := range kubernetes {
		all[name] = upstream(command)
	}
	all["kubectl"] = kubectl
	return all
}

func main() {
	all := programs()
	// A link named kubectl is kubectl.
	if run := all[filepath.Base(os.Args[0])]; run != nil {
		os.Exit(run())
	}
	if len(os.Args) > 1 && all[os.Args[1]] != nil {
		os.Args = os.Args[1:]
		os.Exit(all[os.Args[0]]())
	}
	names := slices.Sorted(maps.Keys(all))
	fmt.Fprintf(os.Stderr, "usage: eider-cluster PROGRAM [argument…]\nprograms: %s\n", strings.Join(names, ", "))
	os.Exit(2)
}

// fail prints what went wrong and is an exit code.
func fail(doing string, err error) int {
	fmt.Fprintf(os.Stderr, "%s: %v\n", doing, err)
	return 1
}
