# shellcheck shell=bash disable=SC2034,SC2153,SC2154 # sourced together by all.sh
# The cluster that e2e/cluster makes on this machine.

own_kubeconfig=$cache/cluster/kubeconfig/admin

own_why_not() { "$root/e2e/cluster/why-not" || true; }

own_runs() {
  [[ -f $own_kubeconfig ]] && "$cache/bin/kubectl" --kubeconfig "$own_kubeconfig" get --raw=/readyz --request-timeout=5s >/dev/null 2>&1
}

own_start() {
  "$root/e2e/cluster/up" >&2
  eval "$("$root/e2e/cluster/env")" # with what a proxy has to know
  kubeconfig=$own_kubeconfig
  host=127.0.0.1
  images=''
}

own_load() { "$root/e2e/cluster/load" "$@" >&2; }

own_stop() { "$root/e2e/cluster/down" >&2; }
