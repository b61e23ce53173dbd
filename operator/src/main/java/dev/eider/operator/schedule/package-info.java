/** Cron schedules and time zones, as Kubernetes reads them. */
@NullMarked
package dev.eider.operator.schedule;

import org.jspecify.annotations.NullMarked;
