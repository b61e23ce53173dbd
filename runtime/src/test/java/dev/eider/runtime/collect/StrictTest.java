package dev.eider.runtime.collect;

import static dev.eider.runtime.collect.ACollector.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.config.ASite;
import dev.eider.runtime.event.Action;
import dev.eider.runtime.event.Details;
import dev.eider.runtime.event.Device;
import dev.eider.runtime.event.Engagement;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.event.EventType;
import dev.eider.runtime.event.Page;
import dev.eider.runtime.event.Place;
import dev.eider.runtime.event.Source;
import dev.eider.runtime.event.Visitor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a site that is careful keeps of an event. */
class StrictTest {

  private static final String BLOG = "domains: [blog.example]\n";
  private static final String STRICT = BLOG + "privacy: {mode: Strict}\n";
  private static final String PAGE =
      """
      {"n":"pageview","u":"https://blog.example/a?utm_source=news&ref=x&secret=1",\
      "r":"https://www.search.example/find?q=illness","w":1512,"t":"A page","ip":"203.0.113.9",\
      "user_agent":"%s","country":"DE","region":"Berlin","city":"Berlin",\
      "timestamp":"2026-11-21T10:11:12.131Z"}\
      """
          .formatted(ACollector.CHROME);

  @TempDir Path directory;

  @Test
  void strictKeepsNoDetailOfTheVisitor() throws IOException {
    ACollector site = new ACollector(directory, STRICT);
    site.key = siteId -> true;
    Event event = site.kept(PAGE);
    Instant ten = Instant.parse("2026-11-21T10:00:00Z");
    Instant noon = Instant.parse("2026-11-21T12:00:00Z");
    assertThat(event)
        .isEqualTo(
            new Event(
                event.id(),
                "blog.example",
                new Visitor(event.visitor().id(), "", Optional.of(event.id())),
                ten,
                noon,
                LocalDate.of(2026, 11, 21),
                EventType.PAGEVIEW,
                "pageview",
                true,
                new Page("https://blog.example/a?utm_source=news", "/a", "blog.example", "A page"),
                new Source(
                    "search.example/find",
                    "news",
                    "news",
                    "",
                    "",
                    "",
                    "",
                    event.source().channel(),
                    ""),
                new Device("Chrome", "", "Windows", "", "desktop", "", "", ""),
                new Place("DE", "", ""),
                "",
                Optional.empty(),
                Engagement.NONE,
                new Details(Action.NONE, Optional.empty(), "", "", "", ""),
                "",
                false,
                1));
    assertThat(event.id().getMostSignificantBits() >>> 16).isEqualTo(noon.toEpochMilli());
  }

  @Test
  void aSiteMayKeepLessOfPlacesAddressesAndTimesWithoutBeingStrict() throws IOException {
    ACollector site =
        new ACollector(
            directory,
            BLOG
                + """
                privacy:
                  geo: Region
                  stripReferrerQuery: false
                  dropQueryParameters: [UTM_Source]
                  roundTimestamps: Minute
                """);
    site.key = siteId -> true;
    Event event = site.kept(PAGE);
    assertThat(event.place()).isEqualTo(new Place("DE", "Berlin", ""));
    assertThat(event.page().url()).isEqualTo("https://blog.example/a?ref=x");
    assertThat(event.source().utmSource()).isEqualTo("x");
    assertThat(event.source().referrer()).isEqualTo("search.example/find?q=illness");
    assertThat(event.timestamp()).isEqualTo("2026-11-21T10:11:00Z");
    assertThat(event.receivedAt()).isEqualTo("2026-11-21T12:34:00Z");
    assertThat(event.visitor().stampedSession()).contains(event.id());
  }

  @Test
  void theTimeInASendersOwnIdIsNotKeptAndItIsStillToldWhenItComesTwice() throws IOException {
    ACollector site = new ACollector(directory, STRICT);
    String withTime = "019abcde-f012-7345-8678-9abcdef01234";
    Event first = event(site.view("\"id\":\"%s\",".formatted(withTime)));
    Event second = event(site.view("\"id\":\"%s\",".formatted(withTime)));
    assertThat(first.id().version()).isEqualTo(8);
    assertThat(first.id()).isEqualTo(second.id()).isNotEqualTo(UUID.fromString(withTime));
    assertThat(second.duplicate()).isTrue();
    String random = "3fbd8e1c-0f2a-4a53-9d5e-6a2a3c1f7b10";
    assertThat(event(site.view("\"id\":\"%s\",".formatted(random))).id()).hasToString(random);
    // The same after a start, by what is stored.
    site.restart((siteId, since, into) -> into.take(first.id(), "pageview", "", site.now));
    assertThat(event(site.view("\"id\":\"%s\",".formatted(withTime))).duplicate()).isTrue();
  }

  @Test
  void idsOfOneHourKeepTheOrderOfEventsOverAStart() throws IOException {
    ACollector site = new ACollector(directory, STRICT);
    List<UUID> ids = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      if (i % 250 == 249) {
        site.now = site.now.plusSeconds(1);
        site.restart(AcceptedBefore.NOTHING);
      }
      site.nanos += 20_000_000;
      ids.add(event(site.view("")).id());
    }
    assertThat(ids).doesNotHaveDuplicates().isSortedAccordingTo(StrictTest::compareUnsigned);
    assertThat(ids).allMatch(EventIds::isOurs);
  }

  private static int compareUnsigned(UUID a, UUID b) {
    return a.toString().compareTo(b.toString());
  }

  @Test
  void sessionsAreStampedByTheExactTimesThatAreNotKept() throws IOException {
    ACollector site = new ACollector(directory, STRICT);
    String engagement = "{\"n\":\"engagement\",\"u\":\"https://blog.example/\",\"e\":5}";
    // Engagement alone is no visit, and nobody could find out later whose it was.
    assertThat(ACollector.word(site.send(engagement))).isEqualTo("no_session");
    UUID first = event(site.view("")).id();
    List<Optional<UUID>> stamped = new ArrayList<>();
    for (int minutes : new int[] {0, 10, 30, 30}) {
      site.now = site.now.plus(Duration.ofMinutes(minutes));
      stamped.add(site.kept(engagement).visitor().stampedSession());
    }
    assertThat(stamped).containsOnly(Optional.of(first));
    site.now = site.now.plus(Duration.ofMinutes(30)).plusMillis(1);
    Event next = event(site.view(""));
    assertThat(next.visitor().stampedSession()).contains(next.id());
    // Somebody else's visit, a machine's, and a duplicate.
    site.peer = "192.0.2.1";
    Event other = event(site.view(""));
    assertThat(other.visitor().stampedSession()).contains(other.id());
    site.headers.put("User-Agent", "Googlebot/2.1");
    Event bot = event(site.view(""));
    assertThat(bot.visitor().stampedSession()).contains(bot.id());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Pacific/Pago_Pago", "UTC", "Asia/Kathmandu", "Pacific/Kiritimati"})
  void aStampedVisitGoesOnOverMidnight(String zone) throws IOException {
    ACollector site = new ACollector(directory, STRICT + "timeZone: " + zone + "\n");
    Instant midnight = LocalDate.of(2026, 11, 22).atStartOfDay(ZoneId.of(zone)).toInstant();
    site.now = midnight.minusMillis(1);
    Event before = event(site.view(""));
    site.now = midnight.plus(Duration.ofMinutes(29));
    Event after = event(site.view(""));
    assertThat(after.visitor().id()).isNotEqualTo(before.visitor().id());
    assertThat(after.visitor().stampedSession()).contains(before.id());
    assertThat(List.of(before.date(), after.date()))
        .containsExactly(LocalDate.of(2026, 11, 21), LocalDate.of(2026, 11, 22));
    site.now = midnight.plus(Duration.ofMinutes(50));
    assertThat(event(site.view("")).visitor().stampedSession()).contains(before.id());
  }

  /** All zones there are, around each of their changes of clocks in a year: a property. */
  @Test
  void aRoundedTimeStaysOnItsDateAndIsNeverLater() {
    List<String> wrong = new ArrayList<>();
    for (String id : ZoneId.getAvailableZoneIds()) {
      ZoneId zone = ZoneId.of(id);
      var site = ASite.of(STRICT).toBuilder().zone(zone).build();
      Instant start = Instant.parse("2026-01-01T00:00:00Z");
      Stream<Instant> times =
          Stream.concat(
              Stream.iterate(start, time -> time.plus(Duration.ofMinutes(7 * 24 * 60 - 13)))
                  .limit(60),
              zone.getRules().isFixedOffset()
                  ? Stream.of()
                  : Stream.iterate(
                          Optional.ofNullable(zone.getRules().nextTransition(start)),
                          next ->
                              next.map(
                                  change -> zone.getRules().nextTransition(change.getInstant())))
                      .limit(3)
                      .flatMap(Optional::stream)
                      .flatMap(
                          change ->
                              Stream.of(-3601, -1, 0, 1, 1799, 1800, 3599, 3600)
                                  .map(change.getInstant()::plusSeconds)));
      times.forEach(
          time -> {
            Instant rounded = Coarsen.rounded(time, site);
            Duration lost = Duration.between(rounded, time);
            if (lost.isNegative()
                || lost.compareTo(Duration.ofHours(1)) >= 0
                || !LocalDate.ofInstant(rounded, zone).equals(LocalDate.ofInstant(time, zone))) {
              wrong.add(id + " " + time + " became " + rounded);
            }
          });
    }
    assertThat(wrong).isEmpty();
  }
}
