@NullMarked
package dev.eider.operator.status;

import org.jspecify.annotations.NullMarked;
