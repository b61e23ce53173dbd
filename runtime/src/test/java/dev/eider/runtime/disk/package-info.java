/** A disk for tests that forgets whatever was not forced. */
@NullMarked
package dev.eider.runtime.disk;

import org.jspecify.annotations.NullMarked;
