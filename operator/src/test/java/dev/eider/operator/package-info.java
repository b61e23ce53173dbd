@NullMarked
package dev.eider.operator;

import org.jspecify.annotations.NullMarked;
