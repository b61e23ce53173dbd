package dev.eider.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is erased. All that is given has to hold for an event. Nothing personal stands here. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "self == oldSelf",
    message =
        "what was asked to be erased cannot change, since some of it may be gone: create another"
            + " ErasureRequest")
@ValidationRule(
    value = "has(self.subjectSecretRef) || has(self.from) || has(self.to)",
    message = "say what is to be erased: a subjectSecretRef, or a range of days (from, to)")
@ValidationRule(
    value = "!has(self.from) || !has(self.to) || self.from <= self.to",
    message = "to is before from")
public record ErasureRequestSpec(
    @JsonPropertyDescription("AnalyticsSites of the same namespace.")
        @Required
        @Size(min = 1, max = 50)
        List<LocalRef> siteRefs,
    @JsonPropertyDescription(
            "A Secret whose entry is a JSON object with visitorIds, property {name, value} and"
                + " filter, or some of these. It is deleted when all is done.")
        @Nullable SubjectRef subjectSecretRef,
    @JsonPropertyDescription("The first day in each site's calendar, such as 2026-05-01.")
        @Size(min = 10, max = 10)
        @ValidationRule(value = DAY, message = DAY_MESSAGE)
        @Nullable String from,
    @JsonPropertyDescription("The last day, which is erased, too.")
        @Size(min = 10, max = 10)
        @ValidationRule(value = DAY, message = DAY_MESSAGE)
        @Nullable String to,
    @JsonPropertyDescription(
            "What becomes of backups that hold some of it: Rewrite makes them anew without it,"
                + " Expire deletes them. Default: Rewrite.")
        @Nullable Backups backups,
    @JsonPropertyDescription("Why, for people; nothing personal.") @Size(max = 1024)
        @Nullable String reason) {

  private static final String DAY = "self.matches('^[0-9]{4}-[0-9]{2}-[0-9]{2}$')";
  private static final String DAY_MESSAGE = "write the day as 2026-05-01";

  /** What becomes of backups. */
  public enum Backups {
    Rewrite,
    Expire
  }

  /** Names an entry of a Secret. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record SubjectRef(
      @JsonPropertyDescription("Name of the Secret.")
          @Required
          @Size(min = 1, max = Rules.NAME_LENGTH)
          String name,
      @JsonPropertyDescription("Its entry. Default: subject.")
          @Size(min = 1, max = Rules.NAME_LENGTH)
          @ValidationRule(value = Rules.KEY, message = Rules.KEY_MESSAGE)
          @Nullable String key) {

    /** The entry that is meant. */
    public String keyOrDefault() {
      return Optional.ofNullable(key).orElse(Defaults.SUBJECT_KEY);
    }
  }

  public ErasureRequestSpec {
    siteRefs = List.copyOf(siteRefs);
  }

  public Optional<SubjectRef> subject() {
    return Optional.ofNullable(subjectSecretRef);
  }

  public Backups resolvedBackups() {
    return Optional.ofNullable(backups).orElse(Backups.Rewrite);
  }
}
