/**
 * Answers SQL that people write themselves, over exactly the rows that they may read. See the
 * README.
 */
@NullMarked
package dev.eider.runtime.sql;

import org.jspecify.annotations.NullMarked;
