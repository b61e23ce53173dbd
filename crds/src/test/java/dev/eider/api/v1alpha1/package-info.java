@NullMarked
package dev.eider.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
