package main

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"

	"go.opentelemetry.io/otel/trace/noop"
	runtime "k8s.io/cri-client/pkg"
)

// removePods ends every pod of the container runtime at the socket os.Args[1], at once and without
// grace, and gives back their networks and mounts. For a cluster that goes away: no kubelet may run.
func removePods() int {
	if len(os.Args) != 2 {
		return fail("remove-pods", errors.New("usage: eider-cluster remove-pods unix:///SOCKET"))
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	service, err := runtime.NewRemoteRuntimeService(os.Args[1], 30*time.Second, noop.NewTracerProvider(), nil)
	if err != nil {
		return fail("remove-pods: reach containerd", err)
	}
	pods, err := service.ListPodSandbox(ctx, nil)
	if err != nil {
		return fail("remove-pods: list pods", err)
	}

	errs := make([]error, len(pods))
	var all sync.WaitGroup
	for i, pod := range pods {
		all.Add(1)
		go func() {
			defer all.Done()
			if errs[i] = service.StopPodSandbox(ctx, pod.Id); errs[i] == nil {
				errs[i] = service.RemovePodSandbox(ctx, pod.Id)
			}
		}()
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		return fail("remove-pods", err)
	}
	return 0
}
