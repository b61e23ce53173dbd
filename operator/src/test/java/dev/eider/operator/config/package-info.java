@NullMarked
package dev.eider.operator.config;

import org.jspecify.annotations.NullMarked;
