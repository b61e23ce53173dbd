package dev.eider.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Something that a site wants its visitors to do. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "(has(self.page) ? 1 : 0) + (has(self.event) ? 1 : 0) + (has(self.durationSeconds) ? 1 : 0)"
            + " + (has(self.pagesPerSession) ? 1 : 0) == 1",
    message =
        "give the goal exactly one of page, event, durationSeconds and pagesPerSession: what else"
            + " is to be reached is another goal")
@ValidationRule(value = Rules.MATCH, message = Rules.MATCH_MESSAGE)
@ValidationRule(value = Rules.GLOB, message = Rules.GLOB_MESSAGE)
@ValidationRule(value = Rules.REGEX, message = Rules.REGEX_MESSAGE)
@ValidationRule(
    value = "!has(self.revenue) || !self.revenue || has(self.event)",
    message =
        "only events bring amounts, so revenue: true goes with event: give the goal an event, or a"
            + " value instead")
public record Goal(
    @JsonPropertyDescription("What statistics and filters call it.")
        @Required
        @Size(min = 1, max = 120)
        @ValidationRule(value = Rules.TRIMMED, message = Rules.TRIMMED_MESSAGE)
        String name,
    @JsonPropertyDescription("Name for people. Default: the name.") @Size(max = 200)
        @Nullable String displayName,
    @JsonPropertyDescription(
            "A path that is viewed, or a pattern of paths such as /blog/** (see match).")
        @Size(min = 1, max = 1000)
        @Nullable String page,
    @JsonPropertyDescription(
            "How the page is compared; in a Glob * stands for anything within a segment, ** for"
                + " anything at all. Default: Glob.")
        @Nullable PageMatch match,
    @JsonPropertyDescription("Name of an event that comes.")
        @Size(min = 1, max = 120)
        @ValidationRule(value = Rules.TRIMMED, message = Rules.TRIMMED_MESSAGE)
        @Nullable String event,
    @JsonPropertyDescription("Seconds that a visit lasts at least.") @Min(1) @Max(86_400)
        @Nullable Integer durationSeconds,
    @JsonPropertyDescription("Pageviews that a visit has at least.") @Min(1) @Max(1000)
        @Nullable Integer pagesPerSession,
    @JsonPropertyDescription(
            "true: amounts that come with the goal's events are summed up. Default: false.")
        @Nullable Boolean revenue,
    @JsonPropertyDescription("What one conversion is worth, for example \"25.50\".")
        @Size(min = 1, max = 16)
        @ValidationRule(
            value = "self.matches('^[0-9]{1,12}([.][0-9]{1,3})?$')",
            message =
                "write the value as a number in quotes, for example \"25.50\", with at most 12"
                    + " digits before and 3 after the point")
        @Nullable String value,
    @JsonPropertyDescription("ISO 4217 code of the value's currency. Default: the site's.")
        @Size(min = 3, max = 3)
        @ValidationRule(value = Rules.CURRENCY, message = Rules.CURRENCY_MESSAGE)
        @Nullable String currency,
    @JsonPropertyDescription(
            "false: the goal is kept here and left out of statistics. Default: true.")
        @Nullable Boolean active) {}
