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

# Jib pushes what it made for the tar, with the credentials of ~/.docker/config.json.
given_load() {
  step "pushing the images to $EIDER_REGISTRY" maven -pl runtime,operator -am verify -DskipTests -Deider.image.prefix="$images" -Deider.image.goal=build
}

given_stop() { say "The cluster of $KUBECONFIG stays: it is not ours."; }
