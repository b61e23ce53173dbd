# shellcheck shell=bash disable=SC2034,SC2153,SC2154 # sourced together by all.sh
# How this machine reaches a site: by a NodePort where those are reached from here (it outlives the
# site's pod), else by a forwarded port that is opened again whenever its pod went away.

# door_open NAMESPACE SITE: sets $url.
door_open() {
  url=http://127.0.0.1:$first_node_port
  if [[ -n $host ]]; then door_node_port "$@"; else door_forward "$@"; fi
}

door_node_port() {
  kubectl apply --filename - >/dev/null <<END
apiVersion: v1
kind: Service
metadata: {name: $2-from-host, namespace: $1}
spec:
  type: NodePort
  selector: {app.kubernetes.io/name: eider, app.kubernetes.io/instance: $2, app.kubernetes.io/component: runtime}
  ports: [{name: http, port: 80, targetPort: 8080, nodePort: $first_node_port}]
END
}

door_forward() {
  door_close
  # shellcheck disable=SC2016 # for the inner shell
  setsid bash -c 'while :; do kubectl --namespace "$1" port-forward --address 127.0.0.1 "service/$2" "$3:80"; sleep 1; done' \
    forward "$1" "$2" "$first_node_port" >"$cache/log/door" 2>&1 </dev/null &
  echo $! >"$cache/door.pid"
}

# The pid is that of a session of its own, so the whole of it ends.
door_close() {
  [[ -f $cache/door.pid ]] || return 0
  local pid
  pid=$(<"$cache/door.pid")
  if grep -qs port-forward "/proc/$pid/cmdline" || ps -p "$pid" -o args= 2>/dev/null | grep -q port-forward; then
    kill -- "-$pid" 2>/dev/null || true
  fi
  rm "$cache/door.pid"
}
