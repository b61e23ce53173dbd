package dev.eider.runtime.config;

import java.util.List;
import java.util.UUID;

/**
 * Other names that trackers know a site by. Each belongs to one site of a runtime.
 *
 * @param umami website ids of Umami: UUIDs in lower case
 * @param matomo Matomo's {@code idsite}: whole numbers from 1
 * @param hosts host names beside the site's domains, lower case
 */
public record SiteAliases(List<String> umami, List<Integer> matomo, List<String> hosts) {

  /** No other name. */
  public static final SiteAliases NONE = new SiteAliases(List.of(), List.of(), List.of());

  public SiteAliases {
    umami = umami.stream().map(SiteAliases::uuid).toList();
    matomo = List.copyOf(matomo);
    matomo.forEach(idsite -> Bounds.check("aliases.matomo", idsite, 1, Integer.MAX_VALUE));
    hosts = hosts.stream().map(host -> HostNames.checked("aliases.host", host)).toList();
    Distinct.check("aliases", "umami", umami);
    Distinct.check("aliases", "matomo", matomo);
    Distinct.check("aliases", "host", hosts);
  }

  private static String uuid(String text) {
    try {
      // Java also takes UUIDs with digits left out.
      if (text.length() == 36) {
        return UUID.fromString(text).toString();
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw new ConfigException(
        "aliases.umami is '%s'; it must be a UUID such as 3fbd8e1c-0f2a-4a53-9d5e-6a2a3c1f7b10"
            .formatted(text));
  }
}
