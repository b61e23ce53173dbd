package main

import (
	"github.com/coredns/coredns/coremain"

	// What our Corefile uses, of all that CoreDNS can do.
	_ "github.com/coredns/coredns/plugin/bind"
	_ "github.com/coredns/coredns/plugin/cache"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/forward"
	_ "github.com/coredns/coredns/plugin/kubernetes"
	_ "github.com/coredns/coredns/plugin/ready"
)

// dns is CoreDNS, the cluster's name server. Its own program would bring plugins for every cloud;
// what we need of it shares so much with Kubernetes that it costs next to nothing to build.
func dns() int {
	coremain.Run() // until it is told to stop
	return 0
}
