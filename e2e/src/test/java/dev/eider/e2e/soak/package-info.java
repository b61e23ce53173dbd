/** Real processes of the runtime that are killed again and again under load. */
@NullMarked
package dev.eider.e2e.soak;

import org.jspecify.annotations.NullMarked;
