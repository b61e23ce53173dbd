package dev.eider.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A schedule and how its last run went. Times are RFC 3339 in UTC, whole seconds. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunStatus(
    @JsonPropertyDescription("Five cron fields in force.") @Size(max = Rules.SCHEDULE_LENGTH)
        @Nullable String schedule,
    @JsonPropertyDescription("Time zone of the schedule.") @Size(max = Rules.TIME_ZONE_LENGTH)
        @Nullable String timeZone,
    @JsonPropertyDescription("When the next run is due; absent while suspended.") @Size(max = 20)
        @Nullable String nextRun,
    @JsonPropertyDescription("When the last run that has ended began.") @Size(max = 20)
        @Nullable String lastRun,
    @JsonPropertyDescription("When a run last ended well.") @Size(max = 20)
        @Nullable String lastSuccess,
    @JsonPropertyDescription("How the last run ended: Succeeded or Failed.") @Size(max = 16)
        @Nullable String state,
    @JsonPropertyDescription("Job of the last run.") @Size(max = 63) @Nullable String job,
    @JsonPropertyDescription("What the last run said.") @Size(max = 2048) @Nullable String message,
    @JsonPropertyDescription("Counts that the last run reported.") @Size(max = 64)
        @Nullable Map<String, Long> figures) {}
