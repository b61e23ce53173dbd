/**
 * The border to the disk for everything whose survival is promised: what is written, and above all
 * what is forced down to the medium. One small interface, so that tests can put a disk behind it
 * that forgets whatever was not forced.
 */
@NullMarked
package dev.eider.runtime.disk;

import org.jspecify.annotations.NullMarked;
