/** The cluster that the tests run on, its namespaces and what is declared in them. */
@NullMarked
package dev.eider.e2e.cluster;

import org.jspecify.annotations.NullMarked;
