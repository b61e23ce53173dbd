/** The small mutable things that are not events. README.md says what there is and who sees it. */
@NullMarked
package dev.eider.runtime.state;

import org.jspecify.annotations.NullMarked;
