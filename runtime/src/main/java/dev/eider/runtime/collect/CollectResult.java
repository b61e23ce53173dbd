package dev.eider.runtime.collect;

/** What became of a request: events to journal, or a rejection. */
public sealed interface CollectResult permits Collected, CollectedBatch, Rejection {}
