package dev.eider.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Another name of a site, of one kind. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "(has(self.umami) ? 1 : 0) + (has(self.matomo) ? 1 : 0) + (has(self.host) ? 1 : 0) == 1",
    message = "give each alias exactly one of umami, matomo and host: one more is one more alias")
public record Alias(
    @JsonPropertyDescription("A website id of Umami.")
        @Size(min = 36, max = 36)
        @ValidationRule(
            value = "self.matches('^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$')",
            message =
                "write Umami's website id as a UUID in lower case, for example"
                    + " 3fbd8e1c-0f2a-4a53-9d5e-6a2a3c1f7b10")
        @Nullable String umami,
    @JsonPropertyDescription("An idsite of Matomo.") @Min(1) @Max(Integer.MAX_VALUE)
        @Nullable Integer matomo,
    @JsonPropertyDescription("A host name beside the site's domains.")
        @Size(min = 1, max = 253)
        @ValidationRule(
            value = "self.matches('^" + Rules.HOST + "$')",
            message =
                "write the host bare and in lower case, for example old.example.com: no https://,"
                    + " no port, no path")
        @Nullable String host) {}
