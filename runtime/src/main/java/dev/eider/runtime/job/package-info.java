/**
 * Maintenance that somebody asked for, by name and id: one at a time, so that no two destructive
 * steps ever meet. What a job does is the lake's; what is here is asking, waiting, remembering.
 */
@NullMarked
package dev.eider.runtime.job;

import org.jspecify.annotations.NullMarked;
