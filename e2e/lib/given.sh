# shellcheck shell=bash disable=SC2034,SC2153,SC2154 # sourced together by all.sh
# The cluster that KUBECONFIG names. Its nodes are somewhere else, so images go to a registry that both
# this machine and the nodes reach, and NodePorts are not reached from here.

given_why_not() {
  [[ -n ${EIDER_REGISTRY:-} ]] ||
    echo "KUBECONFIG names a cluster ($KUBECONFIG), but EIDER_REGISTRY does not say where its images are to go. Set it to a registry (host/path) that you may push to and the cluster may pull from, or unset KUBECONFIG."
}

given_runs() { true; }

given_start() {
  kubeconfig=$KUBECONFIG
  host=''
  images=${EIDER_REGISTRY%/}/
  kubectl get --raw=/readyz --request-timeout=10s >/dev/null ||
    die "The cluster of $KUBECONFIG does not answer; the lines above say why."
}

# With the credentials of ~/.docker/config.json.
given_load() {
  local tar
  command -v crane >/dev/null || command -v skopeo >/dev/null || given_build_crane
  for tar in "$@"; do
    step "pushing $(given_name "$tar")" given_push "$tar" "$(given_name "$tar")"
  done
}

# Jib names the image in the tar without a registry.
given_name() { printf '%s%s' "$images" "$(tar -xOf "$1" manifest.json | sed 's/.*"RepoTags":\["\([^"]*\)".*/\1/')"; }

given_push() {
  if command -v crane >/dev/null; then
    crane push "$1" "$2"
  else
    skopeo copy "docker-archive:$1" "docker://$2"
  fi
}

given_build_crane() {
  command -v go >/dev/null || die "To push images, install crane or skopeo (or Go, to have crane built) and start again"
  step "building crane from its Go module" env GOBIN="$cache/bin" CGO_ENABLED=0 go install -trimpath github.com/google/go-containerregistry/cmd/crane@v0.20.6
}

given_stop() { say "The cluster of $KUBECONFIG stays: it is not ours."; }
