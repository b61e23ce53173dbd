# shellcheck shell=bash disable=SC2034,SC2153,SC2154 # sourced together by all.sh
# One way to a cluster, for e2e/up and for the tests alike: the cluster that KUBECONFIG names, else one
# in Docker, else one made on this machine by e2e/cluster. Each kind is a file beside this one with the
# functions KIND_why_not, KIND_runs, KIND_start, KIND_load and KIND_stop.
#
# cluster_start sets:
#   kind          own | docker | given
#   kubeconfig    the file to reach it by
#   started       yes: it was made now; no: it ran before
#   host          where its NodePorts are reached from this machine; empty: they are not, forward a port
#   images        what goes before the name of an image, with its slash: `` or `registry.example.com/x/`

# NodePorts that are reached from this machine. The first is that of e2e/up, the others are the tests'.
first_node_port=30080
last_node_port=30099

cluster_kind() {
  case $(realpath --canonicalize-missing "${KUBECONFIG:-/}") in
    # Whoever exported what e2e/up printed did not mean another cluster by it.
    "$(realpath --canonicalize-missing "$own_kubeconfig")") echo own ;;
    "$(realpath --canonicalize-missing "$docker_kubeconfig")") echo docker ;;
    /) if docker_answers; then echo docker; else echo own; fi ;;
    *) echo given ;;
  esac
}

# Prints why no cluster is possible here, in words for people; nothing when one is.
cluster_why_not() {
  "$(cluster_kind)_why_not"
}

cluster_start() {
  local reason
  kind=$(cluster_kind)
  reason=$("${kind}_why_not")
  [[ -z $reason ]] || die "There is no cluster, and none can be made here: $reason"
  if "${kind}_runs"; then started=no; else started=yes; fi
  "${kind}_start"
  export KUBECONFIG=$kubeconfig
  need_tools
}

cluster_load() { "${kind}_load" "$@"; }

# Takes away the cluster of e2e/up or of a run of the tests. Never one that somebody gave to us.
cluster_stop() {
  kind=$(cluster_kind)
  if "${kind}_runs"; then "${kind}_stop"; fi
}

need_tools() {
  command -v kubectl >/dev/null || die "kubectl is missing: install it (https://kubernetes.io/docs/tasks/tools/) and start again"
  command -v helm >/dev/null || build_helm
}

# Whoever has a cluster mostly has helm too; whoever has Go can have it built.
build_helm() {
  command -v go >/dev/null || die "helm is missing: install it (https://helm.sh/docs/intro/install/) and start again"
  step "building helm from its Go module" env GOBIN="$cache/bin" CGO_ENABLED=0 go install -trimpath helm.sh/helm/v3/cmd/helm@v3.22.0
}
