/** The AnalyticsBackup kind: one object a run, by the schedule or by hand. */
@NullMarked
package dev.eider.operator.backup;

import org.jspecify.annotations.NullMarked;
