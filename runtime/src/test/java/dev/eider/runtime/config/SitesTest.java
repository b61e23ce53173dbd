package dev.eider.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.config.PrivacySettings.Mode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SitesTest {

  private static final String WEBSITE = "3fbd8e1c-0f2a-4a53-9d5e-6a2a3c1f7b10";

  private static SiteSettings site(String id, String aliases) {
    return ASite.of("domains: [%s]\ningest: {aliases: [%s]}".formatted(id, aliases));
  }

  @Test
  void aSiteIsFoundByEveryNameThatItHas() {
    SiteSettings a =
        site("a.example", "{umami: %s}, {matomo: 7}, {host: old.example}".formatted(WEBSITE));
    Sites sites = new Sites(List.of(a, site("b.example", "{matomo: 8}")));

    assertThat(sites.byUmami(WEBSITE.toUpperCase())).contains(a);
    assertThat(sites.byMatomo(7)).contains(a);
    assertThat(sites.byDomain("WWW.Old.example.")).contains(a);
    SiteSettings books = ASite.of("{domains: [Bücher.example]}");
    sites.put(books);
    assertThat(books.siteId()).isEqualTo("xn--bcher-kva.example");
    assertThat(sites.byDomain("www.BÜCHER.example")).contains(books);
    assertThat(sites.byDomain("xn--bcher-kva.example")).contains(books);
    assertThat(sites.byUmami("no uuid")).isEmpty();
    assertThat(sites.byMatomo(9)).isEmpty();
    assertThat(sites.conflicts()).isEmpty();
  }

  @Test
  void aNameThatTwoSitesClaimIsTheFirstOnes() {
    SiteSettings a = site("a.example", "{matomo: 7}, {host: b.example}");
    SiteSettings b = site("b.example", "{matomo: 7}, {umami: %s}".formatted(WEBSITE));
    SiteSettings c = site("c.example", "{umami: %s}".formatted(WEBSITE));
    Sites sites = new Sites(List.of(c, b, a));

    assertThat(sites.byMatomo(7)).contains(a);
    assertThat(sites.byUmami(WEBSITE)).contains(b);
    assertThat(sites.byDomain("b.example")).as("a domain is more than an alias").contains(b);
    assertThat(sites.conflicts())
        .containsExactly(
            "host name b.example is claimed by the sites b.example and a.example; b.example keeps"
                + " it",
            "Umami website %s is claimed by the sites b.example and c.example; b.example keeps it"
                .formatted(WEBSITE),
            "Matomo idsite 7 is claimed by the sites a.example and b.example; a.example keeps it");
    assertThat(sites.conflictsOf("b.example"))
        .containsExactly(
            "Matomo idsite 7 is claimed by the sites a.example and b.example; a.example keeps it");
    assertThat(sites.conflictsOf("nowhere.example")).isEmpty();
  }

  @Test
  void noSiteIsLessCarefulThanTheRuntime() {
    SiteSettings careless = ASite.of("domains: [a.example]\nprivacy: {geo: City}");
    SiteSettings strict = ASite.of("domains: [a.example]\nprivacy: {mode: Strict}");
    Sites sites = new Sites(Mode.STRICT);

    SiteSettings inForce = sites.put(careless);

    assertThat(inForce).isEqualTo(strict);
    assertThat(sites.all()).containsExactly(strict);
    assertThat(new Sites().put(careless)).isEqualTo(careless);
    assertThat(sites.byId("b.example")).isEqualTo(Optional.empty());
  }
}
