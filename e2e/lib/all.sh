# shellcheck shell=bash disable=SC1091,SC2034
# Everything that e2e/up, e2e/down and e2e/lib/for-tests are made of.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/eider
mkdir -p "$cache"
PATH=$cache/bin:$PATH

. "$root/e2e/cluster/lib/say"
for part in given docker own cluster images servers chart door quickstart; do
  # shellcheck source=/dev/null
  . "$root/e2e/lib/$part.sh"
done
