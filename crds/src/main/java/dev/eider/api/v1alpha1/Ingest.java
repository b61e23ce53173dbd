package dev.eider.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How events are taken in. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Ingest(
    @JsonPropertyDescription(
            "false refuses events with reason 'paused'; statistics stay readable. Default: true.")
        @Nullable Boolean enabled,
    @JsonPropertyDescription(
            "Share of visitors whose events are kept, from 0.0001 to 1; statistics scale counts and"
                + " say so. Goals and revenue are never sampled. Default: 1.")
        @Size(min = 1, max = 16)
        @ValidationRule(
            value =
                "self.matches('^[0-9]{1,3}([.][0-9]{1,12})?$') && double(self) >= 0.0001 &&"
                    + " double(self) <= 1.0",
            message =
                "write the share of visitors as a number between 0.0001 and 1 in quotes, for"
                    + " example \"0.25\"")
        @Nullable String sampleRate,
    @JsonPropertyDescription(
            "Most events of the whole site; those above are answered with 429. Default: no limit.")
        @Nullable RateLimit rateLimit,
    @JsonPropertyDescription(
            "Origins that browsers may send events from. Default: all. Requests without an Origin"
                + " are not a browser's and not held to it.")
        @Size(max = 64)
        @ValidationRule(
            value =
                "self.all(o, o.matches('^https?://([a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?([.][a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*|[[][0-9a-fA-F:]+[]])(:[0-9]{1,5})?$'))",
            message =
                "write each origin as browsers send it, for example https://blog.example.com: http"
                    + " or https, a host and perhaps a port, and no slash or path after it")
        @Nullable List<@Size(min = 8, max = 270) String> allowedOrigins,
    @JsonPropertyDescription(
            "Host names of pages whose events are kept; *. stands for every sub-domain. Default:"
                + " all.")
        @Size(max = 64)
        @ValidationRule(
            value = "self.all(h, h.matches('^([*][.])?" + Rules.HOST + "$'))",
            message =
                "write each host name bare and in lower case, for example blog.example.com, or"
                    + " *.example.com for all its sub-domains")
        @Nullable List<@Size(min = 1, max = 255) String> hostnames,
    @JsonPropertyDescription(
            "Other names that trackers know the site by. Each belongs to one site of a runtime.")
        @Size(max = 64)
        @ValidationRule(
            value = "self.all(a, self.exists_one(b, b == a))",
            message = "name each alias once")
        @Nullable List<Alias> aliases,
    @JsonPropertyDescription(
            "Further names of the tracker's script and of the endpoint, against blockers of the"
                + " usual ones, which go on working.")
        @Nullable Script script) {

  /** Events that are taken. */
  public boolean taken() {
    return enabled == null || enabled;
  }

  /** Share of visitors whose events are kept, as it was written. */
  public String resolvedSampleRate() {
    return Optional.ofNullable(sampleRate).orElse(Defaults.SAMPLE_RATE);
  }
}
