@NullMarked
package dev.eider.operator.backup;

import org.jspecify.annotations.NullMarked;
