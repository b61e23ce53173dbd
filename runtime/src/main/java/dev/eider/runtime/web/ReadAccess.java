package dev.eider.runtime.web;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eider.runtime.access.AdminToken;
import dev.eider.runtime.access.Bearer;
import dev.eider.runtime.access.SiteKeys;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.config.Sites;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import java.util.List;

/** Whose rows somebody may read: a site's with its stats key, any and all with the admin token. */
final class ReadAccess {

  private final Sites sites;
  private final SiteKeys keys;
  private final AdminToken adminToken;

  ReadAccess(Sites sites, SiteKeys keys, AdminToken adminToken) {
    this.sites = sites;
    this.keys = keys;
    this.adminToken = adminToken;
  }

  /**
   * What a request shows.
   *
   * @throws Refusal 401 when that is nothing
   */
  String key(Exchange exchange) {
    return Bearer.token(exchange.header(HeaderNames.AUTHORIZATION))
        .orElseThrow(
            () -> closed("show the site's stats key as Authorization: Bearer KEY to read it"));
  }

  /**
   * The sites that are named.
   *
   * @param named an id or domain, a list of them, or {@code "*"} for all; what is missing stands
   *     for the site whose key is shown
   * @throws Refusal when the key does not open them
   */
  List<SiteSettings> sites(String key, JsonNode named) {
    if (named.isMissingNode() || named.isNull()) {
      return List.of(siteOf(key));
    }
    if (named.isTextual() && named.textValue().equals("*")) {
      if (!adminToken.admits(key)) {
        throw Refusal.of(
            Status.FORBIDDEN_403, "only the admin token opens all sites; name the key's own");
      }
      List<SiteSettings> all = List.copyOf(sites.all());
      if (all.isEmpty()) {
        throw Refusal.of(Status.BAD_REQUEST_400, "there is no site yet");
      }
      return all;
    }
    if (named.isArray() && !named.isEmpty()) {
      return named.valueStream().map(each -> site(key, each)).distinct().toList();
    }
    return List.of(site(key, named));
  }

  /** Whether it is the admin token, and not a site's key. */
  boolean isAdmin(String key) {
    return adminToken.admits(key);
  }

  /** One that is named. */
  SiteSettings site(String key, JsonNode named) {
    if (!named.isTextual()) {
      throw Refusal.of(
          Status.BAD_REQUEST_400,
          "site_id must be a site's id or domain, a list of them, or \"*\"");
    }
    return sites
        .byDomain(named.textValue())
        .filter(
            known -> keys.admits(known.siteId(), SiteKeys.Use.STATS, key) || adminToken.admits(key))
        .orElseThrow(() -> closed("there is no such site, or this is not its stats key"));
  }

  private SiteSettings siteOf(String key) {
    if (adminToken.admits(key)) {
      if (sites.all().size() == 1) {
        return sites.all().iterator().next();
      }
      throw Refusal.of(
          Status.BAD_REQUEST_400,
          "site_id is missing: with the admin token, give a site's id, a list of them, or \"*\" for all");
    }
    return sites.all().stream()
        .filter(site -> keys.admits(site.siteId(), SiteKeys.Use.STATS, key))
        .findFirst()
        .orElseThrow(() -> closed("this is no site's stats key"));
  }

  private static Refusal closed(String why) {
    return Refusal.of(
        Status.UNAUTHORIZED_401,
        why,
        HeaderValues.create(HeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"eider stats\""));
  }
}
