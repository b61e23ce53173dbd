@NullMarked
package dev.eider.operator.site;

import org.jspecify.annotations.NullMarked;
