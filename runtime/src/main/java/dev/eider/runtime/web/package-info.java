/**
 * HTTP: the collection endpoint, the tracker, statistics, health, metrics and administration.
 *
 * <p>Plain blocking code, one virtual thread a connection. Every answer that refuses says why.
 */
@NullMarked
package dev.eider.runtime.web;

import org.jspecify.annotations.NullMarked;
