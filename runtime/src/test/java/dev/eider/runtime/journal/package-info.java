/** Tests of the journal. */
@NullMarked
package dev.eider.runtime.journal;

import org.jspecify.annotations.NullMarked;
