package dev.eider.runtime.lake;

import java.time.Instant;

/**
 * Sessions that go on over the end of a summed day.
 *
 * @param at that end
 * @param rows for FROM: all of their rows, as {@link LakeView#events} shows them
 */
record GoingOver(Instant at, String rows) {}
