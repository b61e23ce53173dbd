/**
 * The Kubernetes API {@code eider.dev/v1alpha1}: what people write in YAML and what they read back.
 *
 * <p>The CRDs are generated from these records; the operator and the runtime both read them. A
 * component that may be absent is {@code @Nullable} here and only here: each record has methods
 * (not getters, so that they stay out of JSON) that answer with the default in force.
 */
@NullMarked
package dev.eider.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
