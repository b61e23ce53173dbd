package dev.eider.runtime.lake;

import java.util.UUID;

/**
 * The journal that this lake takes events from.
 *
 * @param journalId which journal
 * @param epoch which opening of it
 * @param replay how to read it again
 */
record Ownership(UUID journalId, long epoch, Replay replay) {}
