package dev.eider.runtime.journal;

import dev.eider.runtime.event.Event;

/**
 * An event that is on the medium.
 *
 * @param seq its number in the journal, from 1, rising, never used twice
 * @param event what was accepted
 */
public record Accepted(long seq, Event event) {}
