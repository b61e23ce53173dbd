package dev.eider.runtime.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.event.Details;
import dev.eider.runtime.event.Device;
import dev.eider.runtime.event.Engagement;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.event.EventType;
import dev.eider.runtime.event.Page;
import dev.eider.runtime.event.Place;
import dev.eider.runtime.event.Source;
import dev.eider.runtime.event.Visitor;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class UmamiTokensTest {

  private Instant now = Instant.parse("2026-11-21T12:00:00Z");
  private final UmamiTokens tokens = new UmamiTokens(new byte[32], () -> now);

  @Test
  void aVisitLastsAsLongAsItsTokenIsShownInTime() {
    UmamiTokens.Visit first = tokens.of(event("a"), "");
    now = now.plusSeconds(1800);
    UmamiTokens.Visit second = tokens.of(event("a"), first.cache());
    now = now.plusSeconds(1800);
    UmamiTokens.Visit third = tokens.of(event("a"), second.cache());
    now = now.plusSeconds(1801);
    UmamiTokens.Visit late = tokens.of(event("a"), third.cache());

    assertThat(second.visitId()).isEqualTo(first.visitId());
    assertThat(third.visitId()).isEqualTo(first.visitId());
    assertThat(late.visitId()).isNotEqualTo(first.visitId());
    assertThat(late.sessionId()).isEqualTo(first.sessionId());
  }

  @Test
  void aTokenOfSomebodyElseIsNone() {
    UmamiTokens.Visit one = tokens.of(event("a"), "");
    now = now.plusSeconds(60);
    UUID fresh = tokens.of(event("a"), "").visitId();

    String[] parts = one.cache().split("\\.");
    String claims = new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8);
    String forged =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(claims.replace("\"iat\":", "\"iat\":1").getBytes(UTF_8));
    String other = new UmamiTokens(() -> now).of(event("a"), "").cache();
    for (String shown :
        new String[] {
          parts[0] + "." + forged + "." + parts[2],
          parts[0] + "." + parts[1] + ".",
          parts[0] + "." + parts[1] + ".%%%",
          parts[0] + "..",
          "x",
          ".",
          "x".repeat(5000),
          other,
          tokens.of(event("b"), "").cache()
        }) {
      assertThat(tokens.of(event("a"), shown).visitId()).as(shown).isEqualTo(fresh);
    }
  }

  @Test
  void theIdsDoNotGiveTheVisitorAway() {
    UmamiTokens.Visit visit = tokens.of(event("44965a7130b682c4ec66e0c7"), "");
    assertThat(visit.sessionId().version()).isEqualTo(8);
    assertThat(visit.sessionId().variant()).isEqualTo(2);
    assertThat(visit.sessionId()).isNotEqualTo(visit.visitId());
    assertThat(new String(Base64.getUrlDecoder().decode(visit.cache().split("\\.")[1]), UTF_8))
        .contains("\"websiteId\":\"blog.example.com\"", visit.visitId().toString())
        .doesNotContain("44965a7130b682c4ec66e0c7");
  }

  private Event event(String visitor) {
    return new Event(
        new UUID(0, 1),
        "blog.example.com",
        new Visitor(visitor, ""),
        now,
        now,
        LocalDate.of(2026, 11, 21),
        EventType.PAGEVIEW,
        "pageview",
        true,
        new Page("", "/", "(none)", ""),
        Source.DIRECT,
        Device.UNKNOWN,
        Place.UNKNOWN,
        "",
        Optional.empty(),
        Engagement.NONE,
        Details.NONE,
        "",
        false,
        1);
  }
}
