@NullMarked
package dev.eider.operator.erasure;

import org.jspecify.annotations.NullMarked;
