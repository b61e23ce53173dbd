package dev.eider.runtime.collect;

/** What an adapter makes of a request: one event, several, or why nothing can be made of it. */
public sealed interface Adapted permits Draft, Batch, Rejection {}
