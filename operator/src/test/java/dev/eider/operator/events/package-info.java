@NullMarked
package dev.eider.operator.events;

import org.jspecify.annotations.NullMarked;
