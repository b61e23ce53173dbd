/** The operator: wires kinds, leader election, health and metrics together. */
@NullMarked
package dev.eider.operator;

import org.jspecify.annotations.NullMarked;
