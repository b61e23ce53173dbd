/**
 * The canonical row: what every room to the right passes on. Depends on nothing.
 *
 * <p>Text that an event does not have is the empty string, never null; the lake stores it as NULL.
 */
@NullMarked
package dev.eider.runtime.event;

import org.jspecify.annotations.NullMarked;
