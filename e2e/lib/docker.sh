# shellcheck shell=bash disable=SC2034,SC2153,SC2154 # sourced together by all.sh
# k3s in a container, where there is a Docker engine.

k3s_image=rancher/k3s:v1.35.4-k3s1
k3s=eider-k3s
docker_kubeconfig=$cache/docker-kubeconfig

docker_answers() { command -v docker >/dev/null && timeout 10 docker info >/dev/null 2>&1; }

docker_why_not() { true; }

docker_runs() { [[ $(docker container inspect --format '{{.State.Running}}' "$k3s" 2>/dev/null) == true ]]; }

docker_start() {
  kubeconfig=$docker_kubeconfig
  host=127.0.0.1
  images=''
  docker_runs || step "starting $k3s_image in Docker" docker_run
  docker exec "$k3s" cat /etc/rancher/k3s/k3s.yaml |
    sed "s|server: .*|server: https://$(docker port "$k3s" 6443/tcp | head -n 1)|" >"$kubeconfig.new"
  chmod 600 "$kubeconfig.new"
  mv "$kubeconfig.new" "$kubeconfig"
}

docker_run() {
  docker rm --force "$k3s" 2>/dev/null || true
  docker run --detach --name "$k3s" --privileged --tmpfs /run --tmpfs /var/run \
    --publish 127.0.0.1::6443 \
    --publish "127.0.0.1:$first_node_port-$last_node_port:$first_node_port-$last_node_port" \
    "$k3s_image" server --disable=traefik,servicelb,metrics-server --tls-san=127.0.0.1
  local i
  for ((i = 0; i < 180; i++)); do
    docker exec "$k3s" kubectl wait --for=condition=Ready node --all --timeout=5s && return
    sleep 1
  done
  docker logs --tail 20 "$k3s"
  return 1
}

docker_load() {
  local tar
  for tar in "$@"; do
    step "loading $(basename "$(dirname "$(dirname "$tar")")")'s image" docker_import "$tar"
  done
}

docker_import() {
  docker cp "$1" "$k3s:/tmp/image.tar"
  docker exec "$k3s" ctr --namespace k8s.io images import /tmp/image.tar
  docker exec "$k3s" rm /tmp/image.tar
}

docker_stop() { step "removing $k3s" docker rm --force --volumes "$k3s"; }
