package dev.eider.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How it went. Times are RFC 3339 in UTC, whole seconds. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ErasureRequestStatus(
    @JsonPropertyDescription("Generation of the spec that this status is about.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("What holds now, one statement a type.") @Size(max = 32)
        @Nullable List<Condition> conditions,
    @JsonPropertyDescription("Pending, Running, Succeeded or Refused; the last two are final.")
        @Nullable State state,
    @JsonPropertyDescription("By when it has to be done.") @Size(max = 20) @Nullable String due,
    @JsonPropertyDescription("When all of it was done.") @Size(max = 20)
        @Nullable String completedAt,
    @JsonPropertyDescription("Events that went.") @Nullable Long events,
    @JsonPropertyDescription("Runs that failed; it is tried again.") @Nullable Integer failures,
    @JsonPropertyDescription("Whether the Secret with the subject is gone.")
        @Nullable Boolean secretDeleted,
    @JsonPropertyDescription("What each site's runtime said.") @Size(max = 50)
        @Nullable List<Receipt> receipts) {

  public ErasureRequestStatus {
    conditions = conditions == null ? null : List.copyOf(conditions);
    receipts = receipts == null ? null : List.copyOf(receipts);
  }

  /** How far it is. */
  public enum State {
    Pending,
    Running,
    Succeeded,
    Refused;

    /** Whether it stays so. */
    public boolean isFinal() {
      return this == Succeeded || this == Refused;
    }
  }

  /** What was erased of a site. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Receipt(
      @JsonPropertyDescription("The AnalyticsSite.") @Required @Size(min = 1, max = 253)
          String site,
      @JsonPropertyDescription("Events that went.") @Nullable Long events,
      @JsonPropertyDescription("Sessions that went or are computed anew.") @Nullable Long sessions,
      @JsonPropertyDescription("Files of the lake that were written anew.")
          @Nullable Long filesRewritten,
      @JsonPropertyDescription("Backups that were made anew.") @Nullable Long backupsRewritten,
      @JsonPropertyDescription("Backups that were deleted.") @Nullable Long backupsDeleted,
      @JsonPropertyDescription("Files of the archive that were written anew.")
          @Nullable Long archivesRewritten,
      @JsonPropertyDescription("Events that went from the archive.") @Nullable Long archivedEvents,
      @JsonPropertyDescription(
              "Where backups or archives went earlier and no setting names any more: not looked at.")
          @Size(max = 100)
          @Nullable List<@Size(max = 1024) String> notSearched,
      @JsonPropertyDescription("When it was done.") @Size(max = 32) @Nullable String completedAt,
      @JsonPropertyDescription("SHA-256 over the receipt, which the runtime keeps.") @Size(max = 64)
          @Nullable String sha256) {

    public Receipt {
      notSearched = notSearched == null ? null : List.copyOf(notSearched);
    }

    /** Where backups or archives may be that were not looked at. */
    public List<String> unsearched() {
      return notSearched == null ? List.of() : notSearched;
    }
  }

  /** Whether nothing more will be done. */
  public boolean hasEnded() {
    return state != null && state.isFinal();
  }
}
