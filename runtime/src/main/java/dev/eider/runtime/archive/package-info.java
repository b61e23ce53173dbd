/** Rows that retention removed from the lake: writing, listing, reading and bringing them back. */
@NullMarked
package dev.eider.runtime.archive;

import org.jspecify.annotations.NullMarked;
