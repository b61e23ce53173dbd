/** The RetentionPolicy kind: says whether a policy can be followed. */
@NullMarked
package dev.eider.operator.retention;

import org.jspecify.annotations.NullMarked;
