/** Benchmarks: real processes, a load client of our own, figures beside a limit of the same run. */
@NullMarked
package dev.eider.e2e.bench;

import org.jspecify.annotations.NullMarked;
