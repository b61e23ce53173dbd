@org.jspecify.annotations.NullMarked
package dev.eider.operator.erasure;
