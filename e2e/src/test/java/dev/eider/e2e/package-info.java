/** What Eider promises, shown on a real cluster: one class a promise. */
@NullMarked
package dev.eider.e2e;

import org.jspecify.annotations.NullMarked;
