package dev.eider.runtime.collect;

/** What an adapter makes of a request. */
sealed interface Adapted permits Draft, Rejection {}
