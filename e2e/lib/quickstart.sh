# shellcheck shell=bash disable=SC2034,SC2153,SC2154 # sourced together by all.sh
# The site of examples/quickstart with some events in it, and what a person does next.

namespace=eider-quickstart
demo_events=3000

quickstart_apply() {
  kubectl apply --filename - >/dev/null <<END
apiVersion: v1
kind: Namespace
metadata: {name: $namespace, labels: {pod-security.kubernetes.io/enforce: restricted}}
END
  kubectl apply --namespace "$namespace" --filename "$root/examples/quickstart" >&2
  site=$(kubectl get analyticssites --namespace "$namespace" --output 'jsonpath={.items[0].metadata.name}')
  domain=$(kubectl get analyticssites --namespace "$namespace" --output 'jsonpath={.items[0].spec.domains[0]}')
  site_id=$(kubectl get analyticssites --namespace "$namespace" --output 'jsonpath={.items[0].spec.siteId}')
  site_id=${site_id:-$domain}
  step "waiting for the site to be ready" kubectl wait --namespace "$namespace" --for=condition=Ready "analyticssite/$site" --timeout=5m
  door_open "$namespace" "$site"
  step "waiting for $url" quickstart_answers
}

quickstart_answers() {
  curl --fail --silent --show-error --max-time 5 --retry 60 --retry-delay 1 --retry-all-errors "$url/readyz"
}

# quickstart_key ingest|stats
quickstart_key() {
  kubectl get secret --namespace "$namespace" "$site-keys" --output "jsonpath={.data.$1}" | base64 --decode
}

# Once a volume: who starts again wants to see what was there, not more and more of the same.
quickstart_events() {
  if (($(quickstart_count events) >= demo_events)); then
    say "The site has its events already"
    return
  fi
  step "sending $demo_events events" quickstart_demo
}

quickstart_demo() {
  "$root/runtime/target/eider" demo --url "$url" --domain "$domain" --events "$demo_events" --key "$(quickstart_key ingest)"
}

# quickstart_count METRIC: over all time.
quickstart_count() {
  quickstart_query "[\"$1\"]" | grep -o '"metrics":\[[0-9]*' | head -n 1 | cut -d'[' -f2
}

quickstart_query() {
  curl --fail --silent --show-error --max-time 30 "$url/api/v2/query" \
    --header "Authorization: Bearer $(quickstart_key stats)" --header 'Content-Type: application/json' \
    --data "{\"site_id\":\"$site_id\",\"metrics\":$1,\"date_range\":\"all\"}"
}

quickstart_tell() {
  local metric
  printf '\n%s runs on %s\n' "$domain" "$url"
  for metric in visitors visits pageviews events; do printf '  %-10s %s\n' "$metric" "$(quickstart_count "$metric")"; done
  cat <<END

To use kubectl:
  export KUBECONFIG=$KUBECONFIG PATH=$cache/bin:\$PATH

To send an event of your own:
  curl -i $url/api/event -H 'Content-Type: application/json' -A 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' \\
    -d '{"name": "pageview", "url": "https://$domain/my-own-page", "domain": "$domain"}'

To see it in the statistics at once:
  KEY=\$(kubectl get secret -n $namespace $site-keys -o jsonpath='{.data.stats}' | base64 -d)
  curl $url/api/v2/query -H "Authorization: Bearer \$KEY" -H 'Content-Type: application/json' \\
    -d '{"site_id": "$site_id", "metrics": ["visitors", "pageviews"], "date_range": "day", "dimensions": ["event:page"]}'

To take everything away: e2e/down
END
}
