package dev.eider.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Further names of the tracker's script and of the endpoint it posts to. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "!has(self.path) || !has(self.endpoint) || self.path != self.endpoint",
    message = "script.path and script.endpoint are the same: give them different paths")
public record Script(
    @JsonPropertyDescription("Path of the script, for example /js/s.js.")
        @Size(min = 2, max = Script.LONGEST)
        @ValidationRule(value = Script.PATH, message = Script.PATH_MESSAGE)
        @ValidationRule(value = Script.FREE, message = Script.FREE_MESSAGE)
        @Nullable String path,
    @JsonPropertyDescription("Path that this script posts to, for example /e.")
        @Size(min = 2, max = Script.LONGEST)
        @ValidationRule(value = Script.PATH, message = Script.PATH_MESSAGE)
        @ValidationRule(value = Script.FREE, message = Script.FREE_MESSAGE)
        @Nullable String endpoint) {

  /** First parts of paths under which the runtime itself answers, as alternatives of a regex. */
  public static final String RESERVED =
      "admin|api|assets|count|dashboard|debug|healthz|livez|login|logout|matomo[.]php|metrics"
          + "|piwik[.]php|readyz|robots[.]txt|self|share|startupz|v1";

  static final int LONGEST = 512;
  static final String PATH = "self.matches('^(/[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,62}){1,8}$')";
  static final String PATH_MESSAGE =
      "write a path of letters, digits and - _ . ~ that begins with a slash, for example /js/s.js";
  static final String FREE = "!self.matches('^/(" + RESERVED + ")(/|$)')";
  static final String FREE_MESSAGE =
      "the runtime itself answers under this path: choose another, for example /js/s.js";
}
