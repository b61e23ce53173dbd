/** Where a lake's files lie: on the volume or in a bucket. */
@NullMarked
package dev.eider.runtime.store;

import org.jspecify.annotations.NullMarked;
