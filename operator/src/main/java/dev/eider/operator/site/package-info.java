/** The AnalyticsSite kind: its desired objects, its runtime and its status. */
@NullMarked
package dev.eider.operator.site;

import org.jspecify.annotations.NullMarked;
