# shellcheck shell=bash disable=SC2034,SC2153,SC2154 # sourced together by all.sh
# The two images, made by Maven and Jib as tar files.

image_tars=("$root/runtime/target/jib-image.tar" "$root/operator/target/jib-image.tar")

maven() { (cd "$root" && mvn --batch-mode --no-transfer-progress "$@"); }

# Makes them, unless they were made from just these sources.
images_build() {
  local stamp=$root/e2e/target/images.stamp now
  now=$(images_sources | sha256sum | cut -c1-32)
  if images_exist && [[ -f $stamp && $(<"$stamp") == "$now" ]]; then
    say "The images are up to date"
    return
  fi
  step "building the runtime, the operator and their images" \
    maven -pl runtime,operator -am pre-integration-test -Dmaven.test.skip=true
  images_exist || die "Maven made no images; the log above says why"
  mkdir -p "$root/e2e/target"
  echo "$now" >"$stamp"
}

# Names and hashes of everything that goes into them.
images_sources() {
  (cd "$root" && find pom.xml .mvn crds operator runtime e2e/image -type f \
    -not -path '*/target/*' -not -path '*/node_modules/*' -not -path '*/src/test/*' -not -name '*.md' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum)
}

images_exist() {
  local tar
  for tar in "${image_tars[@]}"; do [[ -f $tar ]] || return 1; done
}

# Prints why there are none; nothing when there are.
images_why_not() {
  images_exist ||
    echo "There are no images in runtime/target and operator/target: they were left out (-DskipImages), or no base for them can be made here (root and Debian's mmdebstrap are needed); -Deider.base=IMAGE names one in a registry."
}

images_load() {
  images_exist || die "$(images_why_not)"
  cluster_load "${image_tars[@]}"
}
