/** Copies of the lake and its state that can be restored, and restoring them. */
@NullMarked
package dev.eider.runtime.backup;

import org.jspecify.annotations.NullMarked;
