package dev.eider.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eider.runtime.collect.CollectParts;
import dev.eider.runtime.collect.CollectRequest;
import dev.eider.runtime.collect.Collected;
import dev.eider.runtime.collect.Collector;
import dev.eider.runtime.collect.IngestKey;
import dev.eider.runtime.collect.PlausibleAdapter;
import dev.eider.runtime.collect.TrustedProxies;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.config.Sites;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.journal.Accepted;
import dev.eider.runtime.lake.Lake;
import dev.eider.runtime.lake.LakeSettings;
import dev.eider.runtime.lake.LakeView;
import dev.eider.runtime.state.IdentityKeys;
import dev.eider.runtime.state.Salts;
import dev.eider.runtime.state.StateDirectory;
import dev.eider.runtime.stats.EventsView;
import dev.eider.runtime.stats.Query;
import dev.eider.runtime.stats.Scope;
import dev.eider.runtime.stats.Stats;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * From requests to answers over a midnight, in all the zones that are far apart or odd and on days
 * whose clocks change, with and without a restart in the middle of the stream.
 */
class MidnightTest {

  /** A zone, and a midnight of it. */
  private record Night(String zone, String day) {

    Instant midnight() {
      return LocalDate.parse(day).atStartOfDay(ZoneId.of(zone)).toInstant();
    }

    LocalDate before() {
      return LocalDate.parse(day).minusDays(1);
    }

    String site() {
      return zone.toLowerCase(Locale.ROOT).replace('/', '.').replace('_', '-') + "." + day;
    }
  }

  private static final List<Night> NIGHTS =
      List.of(
          new Night("Pacific/Pago_Pago", "2026-11-22"),
          new Night("America/St_Johns", "2026-11-22"),
          new Night("UTC", "2026-11-22"),
          new Night("Asia/Tehran", "2026-11-22"),
          new Night("Asia/Kathmandu", "2026-11-22"),
          new Night("Pacific/Chatham", "2026-11-22"),
          new Night("Pacific/Kiritimati", "2026-11-22"),
          // Clocks go forward and back on the day that begins, and on the one that ends.
          new Night("Europe/Berlin", "2026-03-29"),
          new Night("Europe/Berlin", "2026-10-25"),
          new Night("Europe/Berlin", "2026-10-26"),
          // At midnight itself: forward in Beirut, and back in Havana an hour later.
          new Night("Asia/Beirut", "2026-03-29"),
          new Night("America/Havana", "2026-11-01"));

  private static final List<String> QUESTIONS =
      List.of(
          "\"metrics\":[\"visitors\",\"visits\",\"pageviews\"]",
          "\"metrics\":[\"visitors\",\"pageviews\"],\"dimensions\":[\"time:day\"]",
          "\"metrics\":[\"visits\",\"pageviews\"],\"dimensions\":[\"event:page\"],"
              + "\"order_by\":[[\"event:page\",\"asc\"]]");

  /**
   * Minutes from midnight at which somebody looks: a visit over it that ends late, one that ends
   * before, one that begins just after, and one that has a pause of 29 minutes over it.
   */
  private static final int[][] VISITORS = {
    {-40, -20, -1, 10, 29, 55}, {-59, -31}, {1, 2, 31}, {-20, 9}
  };

  @TempDir Path folder;
  private Instant now = Instant.EPOCH;

  @Test
  void noVisitIsSplitAndARestartChangesNothing() throws Exception {
    List<String> whole = answers("whole", false);
    // Four visits; on each day three visitors, two of whom were there on both.
    assertThat(whole)
        .containsExactlyElementsOf(
            NIGHTS.stream()
                .map(
                    night ->
                        ("%s: []=[6,4,13] [\"%s\"]=[3,6] [\"%s\"]=[3,7]"
                                + " [\"/0\"]=[1,6] [\"/1\"]=[1,2] [\"/2\"]=[1,3] [\"/3\"]=[1,2]")
                            .formatted(night.zone(), night.before(), night.day()))
                .toList());
    assertThat(answers("restarted", true)).isEqualTo(whole);
  }

  private List<String> answers(String name, boolean restarts) throws Exception {
    Sites sites = new Sites();
    NIGHTS.forEach(
        night ->
            sites.put(SiteSettings.builder(night.site()).zone(ZoneId.of(night.zone())).build()));
    Path data = folder.resolve(name);
    List<String> answers = new ArrayList<>();
    try (Lake lake =
        Lake.open(
            LakeSettings.of(data.resolve("lake"), Path.of("target/extensions").toAbsolutePath())
                .withMemoryLimit(512L << 20),
            Disk.real())) {
      lake.own(
          new UUID(0, 1),
          1,
          (after, through, into) -> {
            throw new AssertionError("no engine was to be replaced");
          });
      List<Accepted> stream = new ArrayList<>();
      for (Night night : NIGHTS) {
        for (Event event : events(sites, data.resolve(night.site()), night, restarts)) {
          stream.add(new Accepted(stream.size() + 1, event));
        }
      }
      lake.accept(stream);
      for (Night night : NIGHTS) {
        answers.add(ask(lake, night));
      }
      lake.flush();
      lake.settle(step -> {});
      for (int i = 0; i < NIGHTS.size(); i++) {
        assertThat(ask(lake, NIGHTS.get(i))).isEqualTo(answers.get(i));
      }
    }
    return answers;
  }

  /** What a site accepts of them, in the order of time. */
  private List<Event> events(Sites sites, Path state, Night night, boolean restarts)
      throws IOException {
    Collector collector = null;
    List<Event> events = new ArrayList<>();
    for (int minute = -60; minute < 60; minute++) {
      now = night.midnight().plus(Duration.ofMinutes(minute));
      if (collector == null || (restarts && minute % 7 == 0)) {
        collector = collector(sites, state);
      }
      for (int visitor = 0; visitor < VISITORS.length; visitor++) {
        for (int at : VISITORS[visitor]) {
          if (at == minute) {
            events.add(view(collector, night, visitor));
          }
        }
      }
    }
    return events;
  }

  private Collector collector(Sites sites, Path state) throws IOException {
    return new Collector(
        CollectParts.of(
            sites,
            Salts.open(StateDirectory.open(state.resolve("salts"), Disk.real()), () -> now),
            new IdentityKeys(StateDirectory.open(state.resolve("identity"), Disk.real()))));
  }

  private Event view(Collector collector, Night night, int visitor) throws IOException {
    String body =
        "{\"n\":\"pageview\",\"d\":\"%s\",\"u\":\"https://page.example/%d\"}"
            .formatted(night.site(), visitor);
    return ((Collected)
            collector.collect(
                PlausibleAdapter.post(body.getBytes(UTF_8)),
                new CollectRequest(
                    header ->
                        header.equals("User-Agent")
                            ? "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"
                            : "",
                    "203.0.113." + visitor,
                    TrustedProxies.NONE,
                    IngestKey.NONE,
                    now)))
        .events()
        .getFirst();
  }

  private static String ask(Lake lake, Night night) throws Exception {
    ZoneId zone = ZoneId.of(night.zone());
    LocalDate day = LocalDate.parse(night.day());
    Stats stats =
        new Stats(
            Clock.fixed(day.plusDays(3).atStartOfDay(zone).toInstant(), zone),
            Duration.ofSeconds(30));
    StringBuilder answer = new StringBuilder(night.zone()).append(':');
    for (String question : QUESTIONS) {
      String body =
          "{\"site_id\":\"%s\",\"date_range\":[\"%s\",\"%s\"],%s}"
              .formatted(night.site(), day.minusDays(1), day, question);
      try (LakeView view = lake.view(night.site())) {
        for (JsonNode row :
            stats
                .answer(
                    Query.parse(body.getBytes(UTF_8)),
                    Scope.of(zone),
                    new EventsView(view.connection(), view.events(), view.asOf()))
                .path("results")) {
          answer.append(' ').append(row.path("dimensions")).append('=').append(row.path("metrics"));
        }
      }
    }
    return answer.toString();
  }
}
