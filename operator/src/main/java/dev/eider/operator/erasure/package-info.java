/** The ErasureRequest kind: brought to the runtimes of its sites, with a receipt of each. */
@NullMarked
package dev.eider.operator.erasure;

import org.jspecify.annotations.NullMarked;
