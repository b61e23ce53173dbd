/**
 * Where events live: hot rows in memory, then files in the table {@code recent}, then settled in
 * {@code events} by site and date. Hides DuckDB and DuckLake behind verbs; see README.md.
 */
@NullMarked
package dev.eider.runtime.lake;

import org.jspecify.annotations.NullMarked;
