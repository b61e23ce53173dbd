/**
 * The command line: {@code eider <verb>}. Verbs parse, call, print; what they call is elsewhere.
 */
@NullMarked
package dev.eider.runtime.command;

import org.jspecify.annotations.NullMarked;
