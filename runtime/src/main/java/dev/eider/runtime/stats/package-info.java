/**
 * Questions about one site's events: parse, validate, plan, run, serialise. Each metric and each
 * dimension has one place, {@link dev.eider.runtime.stats.Metric} and the kinds of {@link
 * dev.eider.runtime.stats.Dimension}.
 */
@NullMarked
package dev.eider.runtime.stats;

import org.jspecify.annotations.NullMarked;
