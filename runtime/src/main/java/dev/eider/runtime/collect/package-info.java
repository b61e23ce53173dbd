/**
 * From a request to canonical events. An adapter for each protocol makes a draft of what was sent
 * or a rejection that says why not; then everything that the runtime knows itself is added: site,
 * visitor, device, source. README.md has the steps.
 */
@NullMarked
package dev.eider.runtime.collect;

import org.jspecify.annotations.NullMarked;
