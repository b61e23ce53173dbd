/**
 * Small programs that are packed into a jar and run in pods of the cluster. They know the JDK
 * alone, and nothing of Eider's code: what they find out is found out independently.
 */
@NullMarked
package dev.eider.e2e.errand;

import org.jspecify.annotations.NullMarked;
