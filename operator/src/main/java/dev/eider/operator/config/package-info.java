/** What the operator is told by its environment. */
@NullMarked
package dev.eider.operator.config;

import org.jspecify.annotations.NullMarked;
