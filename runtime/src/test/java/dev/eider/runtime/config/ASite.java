package dev.eider.runtime.config;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Sites for tests, as a person writes them. */
public final class ASite {

  private ASite() {}

  /**
   * The settings that a spec gives.
   *
   * @param spec YAML of {@code spec}, such as {@code {domains: [a.example], privacy: {mode:
   *     Strict}}}
   */
  public static SiteSettings of(String spec) {
    return Manifests.read(manifest("AnalyticsSite", "spec:\n" + spec.indent(2)))
        .sites()
        .getFirst()
        .settings();
  }

  /** A whole manifest, with the name x. */
  static byte[] manifest(String kind, String rest) {
    return """
    apiVersion: eider.dev/v1alpha1
    kind: %s
    metadata: {name: x}
    %s
    """
        .formatted(kind, rest)
        .getBytes(UTF_8);
  }
}
