/**
 * What was asked for: the sites and the runtime's own settings, read from the Kubernetes manifests
 * (with or without a Kubernetes) and from flags. Everything here is immutable but {@link
 * dev.eider.runtime.config.Sites}, the live registry.
 */
@NullMarked
package dev.eider.runtime.config;

import org.jspecify.annotations.NullMarked;
