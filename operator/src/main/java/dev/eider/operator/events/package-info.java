/** Kubernetes Events, written when something changed and not otherwise. */
@NullMarked
package dev.eider.operator.events;

import org.jspecify.annotations.NullMarked;
