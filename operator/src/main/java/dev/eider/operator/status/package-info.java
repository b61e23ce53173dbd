/** Conditions as all of Kubernetes writes them, and who may say what. */
@NullMarked
package dev.eider.operator.status;

import org.jspecify.annotations.NullMarked;
