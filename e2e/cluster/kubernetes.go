package main

import (
	"github.com/spf13/cobra"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	proxy "k8s.io/kubernetes/cmd/kube-proxy/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"

	"k8s.io/component-base/cli"
	"k8s.io/kubectl/pkg/cmd"

	// What every upstream main imports for its side effects: JSON logs and the usual metrics.
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	"k8s.io/apiserver/pkg/server"
)

// kubernetes are the upstream programs. A function each, because making a command registers flags
// and metrics, which only the one that runs may do.
var kubernetes = map[string]func() *cobra.Command{
	"kube-apiserver":          func() *cobra.Command { return apiserver.NewAPIServerCommand() },
	"kube-controller-manager": controllermanager.NewControllerManagerCommand,
	"kube-scheduler":          func() *cobra.Command { return scheduler.NewSchedulerCommand() },
	"kube-proxy":              proxy.NewProxyCommand,
	"kubelet":                 func() *cobra.Command { return kubelet.NewKubeletCommand(server.SetupSignalContext()) },
	"kubectl":                 func() *cobra.Command { return cmd.NewDefaultKubectlCommand() },
}

// runKubernetes runs an upstream program until it ends and returns its exit code.
func runKubernetes(make func() *cobra.Command) int { return cli.Run(make()) }
