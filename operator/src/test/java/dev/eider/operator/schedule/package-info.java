@NullMarked
package dev.eider.operator.schedule;

import org.jspecify.annotations.NullMarked;
