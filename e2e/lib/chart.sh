# shellcheck shell=bash disable=SC2034,SC2153,SC2154 # sourced together by all.sh
# The operator, installed by its chart as anybody would.

system=eider-system

# Images keep their tag while we work on them, so pods that run an older content are started anew.
chart_install() {
  local before now
  now=$(sha256sum "${image_tars[@]}" | cut -c1-16 | paste -sd-)
  before=$(kubectl --namespace "$system" get configmap e2e-images --ignore-not-found --output 'jsonpath={.data.hashes}' 2>/dev/null || true)
  step "installing the chart" chart_upgrade
  if [[ -n $before && $before != "$now" ]]; then
    step "starting the operator and the sites with the new images" chart_restart
  fi
  kubectl create configmap e2e-images --namespace "$system" --from-literal "hashes=$now" --dry-run=client --output yaml |
    kubectl apply --filename - >/dev/null
}

chart_upgrade() {
  helm upgrade eider "$root/helm/eider" --install --namespace "$system" --create-namespace --wait --timeout 5m \
    --set "image.repository=${images}eider-operator" --set "runtimeImage.repository=${images}eider"
}

chart_restart() {
  kubectl --namespace "$system" rollout restart deployment --selector app.kubernetes.io/instance=eider
  kubectl --namespace "$system" rollout status deployment --selector app.kubernetes.io/instance=eider --timeout 3m
  kubectl delete pods --all-namespaces --selector app.kubernetes.io/name=eider,app.kubernetes.io/component=runtime
}
