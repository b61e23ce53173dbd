package main

import (
	"flag"
	"os"

	"github.com/coredns/caddy"
	_ "github.com/coredns/coredns/core/dnsserver"

	// What our Corefile uses, of all that CoreDNS can do.
	_ "github.com/coredns/coredns/plugin/bind"
	_ "github.com/coredns/coredns/plugin/cache"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/forward"
	_ "github.com/coredns/coredns/plugin/kubernetes"
	_ "github.com/coredns/coredns/plugin/ready"
)

// dns is CoreDNS, the cluster's name server. Its own main would bring plugins for every cloud; what
// we need of it shares so much with Kubernetes that it costs next to nothing to build.
func dns() int {
	file := flag.String("conf", "Corefile", "what to serve")
	flag.Parse()
	text, err := os.ReadFile(*file)
	if err != nil {
		return fail("coredns", err)
	}
	caddy.Quiet = true
	caddy.TrapSignals()
	server, err := caddy.Start(caddy.CaddyfileInput{Contents: text, Filepath: *file, ServerTypeName: "dns"})
	if err != nil {
		return fail("coredns", err)
	}
	server.Wait()
	return 0
}
