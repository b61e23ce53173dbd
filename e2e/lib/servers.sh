# shellcheck shell=bash disable=SC2034,SC2153,SC2154 # sourced together by all.sh
# PostgreSQL and an S3 server as an image, for tests of lakes that lie elsewhere.

servers_why_not() { "$root/e2e/image/servers" why-not; }

# Makes the image if need be, brings it to the cluster, and sets $servers_image.
servers_load() {
  local made
  made=$("$root/e2e/image/servers")
  cluster_load "$(sed -n 's/^TAR=//p' <<<"$made")"
  servers_image=$images$(sed -n 's/^IMAGE=//p' <<<"$made")
}
