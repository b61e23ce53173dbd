/**
 * The durable log of accepted events, in segments. An event is accepted when {@link
 * dev.eider.runtime.journal.Journal#append} returns; from then on nothing but its own release takes
 * it away. README.md beside this file has the format and the invariants.
 */
@NullMarked
package dev.eider.runtime.journal;

import org.jspecify.annotations.NullMarked;
