package dev.eider.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is known of a site's visitors. It holds before anything is on a disk. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Privacy(
    @JsonPropertyDescription(
            "Strict decides the other fields: visitors known for a day, country at most, no"
                + " versions and screen sizes, referrers without query, times to the hour. Default:"
                + " Standard.")
        @Nullable Mode mode,
    @JsonPropertyDescription(
            "How long a visitor is recognised: Daily within a day, Provided for as long as the site"
                + " itself sends an id. Default: Daily.")
        @Nullable Identity identity,
    @JsonPropertyDescription(
            "What is kept of where a visitor is; each holds all of those before it. Default: City.")
        @Nullable GeoDetail geo,
    @JsonPropertyDescription(
            "true: events with DNT: 1 are dropped, reason do_not_track. Default: true.")
        @Nullable Boolean respectDoNotTrack,
    @JsonPropertyDescription(
            "true: events with Sec-GPC: 1 are dropped, reason global_privacy_control. Default:"
                + " true.")
        @Nullable Boolean respectGlobalPrivacyControl,
    @JsonPropertyDescription("true: referrers are kept without query and fragment. Default: true.")
        @Nullable Boolean stripReferrerQuery,
    @JsonPropertyDescription(
            "Parameters that are cut out of pages' URLs, whatever their case. Default: none.")
        @Size(max = 64)
        @ValidationRule(
            value = "self.all(p, p.matches('^[^?&=#\\\\s]+$'))",
            message =
                "write each parameter by its name alone, for example token: no blanks and none of"
                    + " ? & = #")
        @Nullable List<@Size(min = 1, max = 100) String> dropQueryParameters,
    @JsonPropertyDescription("What times are rounded down to. Default: None.")
        @Nullable Rounding roundTimestamps) {

  /** How careful to be. */
  public enum Mode {
    Standard,
    Strict
  }

  /** How long a visitor is recognised. */
  public enum Identity {
    Daily,
    Provided
  }

  /** What is kept of where a visitor is. */
  public enum GeoDetail {
    None,
    Country,
    Region,
    City
  }

  /** What times are rounded down to. */
  public enum Rounding {
    None,
    Minute,
    Hour
  }

  /** Nothing said. */
  public static final Privacy DEFAULT = new Privacy(null, null, null, null, null, null, null, null);

  /** What holds: nothing left to defaults, and Strict has decided the rest. */
  public Privacy resolved() {
    boolean strict = mode == Mode.Strict;
    GeoDetail wanted = Optional.ofNullable(geo).orElse(GeoDetail.City);
    return new Privacy(
        strict ? Mode.Strict : Mode.Standard,
        strict ? Identity.Daily : Optional.ofNullable(identity).orElse(Identity.Daily),
        strict && wanted != GeoDetail.None ? GeoDetail.Country : wanted,
        Optional.ofNullable(respectDoNotTrack).orElse(true),
        Optional.ofNullable(respectGlobalPrivacyControl).orElse(true),
        strict || Optional.ofNullable(stripReferrerQuery).orElse(true),
        Optional.ofNullable(dropQueryParameters).orElse(List.of()),
        strict ? Rounding.Hour : Optional.ofNullable(roundTimestamps).orElse(Rounding.None));
  }
}
