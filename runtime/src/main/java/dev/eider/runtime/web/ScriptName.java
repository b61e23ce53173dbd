package dev.eider.runtime.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the name of a script under {@code /js/} asks for.
 *
 * <ul>
 *   <li>{@code eider.js}, {@code script.js}, {@code plausible.js}: our own, with everything on
 *   <li>{@code script.hash.outbound-links.js} and the like: Plausible's, with what the words switch
 *       on
 *   <li>{@code pa-ID.js}: Plausible's newer script, which waits for {@code plausible.init()}
 *   <li>{@code ID.js}: our own, of a site
 * </ul>
 *
 * Each may have the hash of its content before {@code .js}.
 *
 * @param build the tracker's build
 * @param options what it is told, by name
 * @param site the site's id, or empty
 * @param hash the hash in the name, or empty
 */
record ScriptName(Build build, List<String> options, String site, String hash) {

  /** Builds of the tracker, by file. */
  enum Build {
    /** Our own, small. */
    OWN("tracker.js"),
    /** All that Plausible's scripts can be told. */
    FULL("tracker-full.js"),
    /** The same for browsers without ES2015. */
    COMPAT("tracker-compat.js");

    private final String file;

    Build(String file) {
      this.file = file;
    }

    String file() {
      return file;
    }
  }

  private static final Pattern HASH = Pattern.compile("[0-9a-f]{16}");

  private static final List<String> EVERYTHING =
      List.of("outboundLinks", "fileDownloads", "formSubmissions");

  private static final Map<String, String> SWITCHES =
      Map.of(
          "hash", "hashBasedRouting",
          "outbound-links", "outboundLinks",
          "file-downloads", "fileDownloads",
          "form-submissions", "formSubmissions",
          "local", "captureOnLocalhost",
          "manual", "manual");

  /** What is on anyway, as nothing comes of it but by what a page says. */
  private static final Set<String> ALWAYS =
      Set.of("tagged-events", "revenue", "pageview-props", "exclusions", "pageleave", "compat");

  ScriptName {
    options = List.copyOf(options);
  }

  /** Reads a file name that every runtime knows; nothing for others and for unknown words. */
  static Optional<ScriptName> usual(String file) {
    Parts parts = Parts.of(file);
    if (parts.name().startsWith("pa-")) {
      List<String> options = new ArrayList<>(EVERYTHING);
      options.add("wait");
      return Optional.of(
          new ScriptName(Build.FULL, options, parts.name().substring(3), parts.hash()));
    }
    List<String> words = List.of(parts.name().split("\\.", -1));
    boolean own = words.getFirst().equals("eider");
    if (!own && !words.getFirst().equals("script") && !words.getFirst().equals("plausible")) {
      return Optional.empty();
    }
    List<String> options =
        new ArrayList<>(own && words.contains("compat") ? EVERYTHING : List.of());
    for (String word : words.subList(1, words.size())) {
      if (SWITCHES.containsKey(word)) {
        options.add(SWITCHES.get(word));
      } else if (!ALWAYS.contains(word)) {
        return Optional.empty();
      }
    }
    // One script for all orders of the same words.
    options = options.stream().distinct().sorted().toList();
    Build build =
        words.contains("compat") ? Build.COMPAT : own || words.size() == 1 ? Build.OWN : Build.FULL;
    return Optional.of(new ScriptName(build, options, "", parts.hash()));
  }

  /** Reads a file name as that of a site's script. */
  static Optional<ScriptName> ofSite(String file) {
    Parts parts = Parts.of(file);
    return parts.name().isEmpty()
        ? Optional.empty()
        : Optional.of(new ScriptName(Build.OWN, List.of(), parts.name(), parts.hash()));
  }

  /** A file name without {@code .js} and a hash; empty where it has no such end. */
  private record Parts(String name, String hash) {

    static Parts of(String file) {
      if (!file.endsWith(".js")) {
        return new Parts("", "");
      }
      String name = file.substring(0, file.length() - 3);
      int dot = name.lastIndexOf('.');
      String last = name.substring(dot + 1);
      return dot > 0 && HASH.matcher(last).matches()
          ? new Parts(name.substring(0, dot), last)
          : new Parts(name, "");
    }
  }
}
