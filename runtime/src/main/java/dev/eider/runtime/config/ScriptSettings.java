package dev.eider.runtime.config;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Further names of the tracker's script and of the endpoint it posts to, for pages whose visitors
 * block the well-known ones. The usual names go on working.
 *
 * @param path path of the script such as {@code /js/s.js}; empty: the usual one only
 * @param endpoint path that the script of {@code path} posts to, such as {@code /e}; empty: the
 *     usual one
 */
public record ScriptSettings(Optional<String> path, Optional<String> endpoint) {

  /** The usual names. */
  public static final ScriptSettings USUAL = new ScriptSettings(Optional.empty(), Optional.empty());

  /** First segments of paths under which the runtime itself answers. */
  public static final Set<String> RESERVED =
      Set.of(
          "admin",
          "api",
          "assets",
          "count",
          "dashboard",
          "debug",
          "healthz",
          "livez",
          "login",
          "logout",
          "matomo.php",
          "metrics",
          "piwik.php",
          "readyz",
          "robots.txt",
          "self",
          "share",
          "startupz",
          "v1");

  private static final Pattern PATH =
      Pattern.compile("(/[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,62}){1,8}");

  public ScriptSettings {
    path.ifPresent(name -> check("script.path", name));
    endpoint.ifPresent(name -> check("script.endpoint", name));
    if (path.isPresent() && path.equals(endpoint)) {
      throw new ConfigException(
          "script.endpoint is '%s', as is script.path; give them different paths"
              .formatted(endpoint.get()));
    }
  }

  private static void check(String setting, String name) {
    if (!PATH.matcher(name).matches()) {
      throw new ConfigException(
          "%s is '%s'; write a path of letters, digits and - _ . ~ such as /js/s.js"
              .formatted(setting, name));
    }
    String first = name.substring(1).split("/", 2)[0];
    if (RESERVED.contains(first)) {
      throw new ConfigException(
          "%s is '%s'; the runtime itself answers under /%s, so choose another path"
              .formatted(setting, name, first));
    }
  }
}
