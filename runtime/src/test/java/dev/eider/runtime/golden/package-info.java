/** What trackers send, what is made of it and what they are answered, as files. */
@NullMarked
package dev.eider.runtime.golden;

import org.jspecify.annotations.NullMarked;
