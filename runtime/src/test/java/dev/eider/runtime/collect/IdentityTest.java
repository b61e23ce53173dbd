package dev.eider.runtime.collect;

import static dev.eider.runtime.collect.ACollector.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.event.Event;
import dev.eider.runtime.event.Visitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who a visitor is, which of them are kept, and what came before. */
class IdentityTest {

  private static final String BLOG = "domains: [blog.example]\n";
  private static final String PROVIDED = BLOG + "privacy: {identity: Provided}\n";
  private static final String ID = "3fbd8e1c-0f2a-4a53-9d5e-6a2a3c1f7b10";

  @TempDir Path directory;

  @Test
  void whoTheSiteItselfNamesIsKnownAcrossDaysAndStarts() throws IOException {
    ACollector site = new ACollector(directory, PROVIDED);
    String today = event(site.view("\"user_id\":\"customer 7\",")).visitor().id();
    assertThat(event(site.view("\"user_id\":\"customer 8\",")).visitor().id()).isNotEqualTo(today);
    site.now = site.now.plus(Duration.ofDays(200));
    site.peer = "192.0.2.1";
    site.headers.put("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0");
    site.restart(AcceptedBefore.NOTHING);
    Event later = event(site.view("\"user_id\":\"customer 7\","));
    assertThat(later.visitor().id()).isEqualTo(today);
    assertThat(later.toString()).doesNotContain("customer");
    // Its key is in a file of its own, which only the owner may read.
    try (Stream<Path> files = Files.list(directory.resolve("identity"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactly("blog.example.key");
    }
    assertThat(Files.getPosixFilePermissions(directory.resolve("identity/blog.example.key")))
        .hasToString("[OWNER_READ, OWNER_WRITE]");
  }

  @Test
  void whoIsNotNamedIsKnownForADay() throws IOException {
    ACollector site = new ACollector(directory, PROVIDED);
    String today = event(site.view("")).visitor().id();
    assertThat(event(site.view("")).visitor().id()).isEqualTo(today);
    site.now = site.now.plus(Duration.ofDays(1));
    assertThat(event(site.view("")).visitor().id()).isNotEqualTo(today);
  }

  @Test
  void whatComesLateIsOfTheVisitorOfItsDayAndWhatIsPastIsOfOneOnEachDay() throws IOException {
    ACollector site = new ACollector(directory, BLOG);
    site.key = siteId -> true;
    String then = event(site.view("")).visitor().id();
    String yesterday = "\"timestamp\":\"%s\",".formatted(site.now);
    site.now = site.now.plus(Duration.ofDays(1));
    String today = event(site.view("")).visitor().id();
    assertThat(event(site.view(yesterday)).visitor().id())
        .as("while the salt of its day lives")
        .isEqualTo(then);

    String noon = "\"timestamp\":\"2020-05-0%dT12:00:00Z\",";
    String fourth = event(site.view(noon.formatted(4))).visitor().id();
    String fifth = event(site.view(noon.formatted(5))).visitor().id();
    assertThat(Set.of(then, today, fourth, fifth)).hasSize(4);
    assertThat(event(site.view(noon.formatted(4))).visitor().id()).isEqualTo(fourth);
    Event midnight = event(site.view("\"timestamp\":\"2020-05-05T00:10:00Z\","));
    assertThat(midnight.visitor().id()).isEqualTo(fifth);
    assertThat(midnight.visitor().previousDayId()).as("a visit over midnight").isEqualTo(fourth);
  }

  @Test
  void aVisitOverMidnightIsOneAlsoWhereTheDayBeforeHasNoSalt() throws IOException {
    ACollector site = new ACollector(directory, BLOG);
    site.key = siteId -> true;
    Instant midnight = site.now.truncatedTo(ChronoUnit.DAYS);
    String before = "\"timestamp\":\"%s\",".formatted(midnight.minusSeconds(600));
    String after = "\"timestamp\":\"%s\",".formatted(midnight.plusSeconds(600));
    Visitor earlier = event(site.view(before)).visitor();
    assertThat(event(site.view(after)).visitor().previousDayId()).isEqualTo(earlier.id());
  }

  /** As of a program that counts for many visitors and has no address of them. */
  @Test
  void whoShowsTheKeyTellsVisitorsOfADayApart() throws IOException {
    ACollector site = new ACollector(directory, BLOG);
    site.key = siteId -> true;
    String sender = event(site.view("")).visitor().id();
    String seven = event(site.view("\"user_id\":\"customer 7\",")).visitor().id();
    String eight = event(site.view("\"user_id\":\"customer 8\",")).visitor().id();
    assertThat(Set.of(sender, seven, eight)).hasSize(3);
    assertThat(event(site.view("\"user_id\":\"customer 7\",")).visitor().id()).isEqualTo(seven);
    assertThat(directory.resolve("identity/blog.example.key")).doesNotExist();
    site.now = site.now.plus(Duration.ofDays(1));
    assertThat(event(site.view("\"user_id\":\"customer 7\",")).visitor().id())
        .isNotIn(sender, seven, eight);
  }

  @Test
  void aNameIsNotLookedAtWhereTheSiteDoesNotWantIt() throws IOException {
    ACollector site = new ACollector(directory, BLOG);
    String anybody = event(site.view("")).visitor().id();
    assertThat(event(site.view("\"user_id\":\"customer 7\",")).visitor().id()).isEqualTo(anybody);
    assertThat(directory.resolve("identity/blog.example.key")).doesNotExist();
    // Strict knows nobody across days, whatever else is asked for.
    site.site(BLOG + "privacy: {mode: Strict, identity: Provided}\n");
    assertThat(event(site.view("\"user_id\":\"customer 7\",")).visitor().id()).isEqualTo(anybody);
  }

  @Test
  void onlyATrustedSenderSaysWhoseBrowserItWas() throws IOException {
    ACollector site = new ACollector(directory, BLOG);
    String visitor = event(site.view("")).visitor().id();
    String other = "\"ip\":\"192.0.2.1\",\"user_agent\":\"%s\",".formatted(ACollector.CHROME);
    assertThat(event(site.view(other)).visitor().id()).isEqualTo(visitor);
    site.key = siteId -> true;
    String said = event(site.view(other)).visitor().id();
    assertThat(said).isNotEqualTo(visitor);
    site.key = IngestKey.NONE;
    site.peer = "192.0.2.1";
    assertThat(event(site.view("")).visitor().id()).isEqualTo(said);
  }

  @Test
  void visitorsSeeTheirOwnIdsAsLongAsTheyCanBeWorkedOut() throws IOException {
    ACollector site = new ACollector(directory, BLOG);
    assertThat(site.collector.ownIds("nowhere.example", site.request())).isEmpty();
    assertThat(site.collector.ownIds("www.blog.example", site.request()))
        .contains(new OwnIds("blog.example", List.of(), Instant.EPOCH));
    String yesterday = event(site.view("")).visitor().id();
    site.now = site.now.plus(Duration.ofDays(1));
    String today = event(site.view("")).visitor().id();
    assertThat(site.collector.ownIds("blog.example", site.request()))
        .contains(
            new OwnIds(
                "blog.example", List.of(today, yesterday), site.now.plus(Duration.ofHours(48))));
    site.now = site.now.plus(Duration.ofHours(24));
    assertThat(site.collector.ownIds("blog.example", site.request()).orElseThrow().visitorIds())
        .containsExactly(today);
  }

  @Test
  void aSampleIsOfWholeVisitorsAndNeverOfGoalsOrMoney() throws IOException {
    ACollector site =
        new ACollector(
            directory,
            BLOG
                + """
                currency: EUR
                ingest: {sampleRate: "0.25"}
                goals:
                  - {name: Sign up, event: signup}
                  - {name: Thanks, page: /thanks}
                """);
    site.key = siteId -> true;
    Set<String> sampled = new HashSet<>();
    double weight = 0;
    for (int visitor = 0; visitor < 2000; visitor++) {
      String ip = "\"ip\":\"10.1.%d.%d\",".formatted(visitor / 250, visitor % 250);
      Outcome first = site.view(ip);
      assertThat(ACollector.word(site.view(ip))).isEqualTo(ACollector.word(first));
      if (first instanceof Outcome.Kept kept) {
        sampled.add(kept.event().visitor().id());
        weight += kept.event().sampleWeight();
        assertThat(kept.event().sampleWeight()).isEqualTo(4);
      } else {
        assertThat(ACollector.word(first)).isEqualTo("sampled_out");
      }
      if (visitor < 20) {
        String page = "{" + ip + "\"n\":\"%s\",\"u\":\"https://blog.example%s\"%s}";
        assertThat(site.kept(page.formatted("signup", "/", "")).sampleWeight()).isEqualTo(1);
        assertThat(site.kept(page.formatted("pageview", "/thanks", "")).sampleWeight())
            .isEqualTo(1);
        assertThat(site.kept(page.formatted("Buy", "/", ",\"ra\":7")).sampleWeight()).isEqualTo(1);
      }
    }
    assertThat(sampled).hasSizeBetween(430, 570);
    assertThat(weight).isEqualTo(sampled.size() * 4.0);
  }

  @Test
  void anEventThatComesTwiceIsKeptAndFlagged() throws IOException {
    ACollector site = new ACollector(directory, BLOG);
    Event first = event(site.view("\"id\":\"%s\",".formatted(ID)));
    Event second = event(site.view("\"id\":\"%s\",".formatted(ID)));
    assertThat(first.id()).isEqualTo(UUID.fromString(ID));
    assertThat(second.id()).isEqualTo(first.id());
    assertThat(List.of(first.duplicate(), second.duplicate())).containsExactly(false, true);
    site.now = site.now.plus(Duration.ofHours(24));
    assertThat(event(site.view("\"id\":\"%s\",".formatted(ID))).duplicate()).isFalse();
    // What could not be journaled did not come.
    site.now = site.now.plus(Duration.ofHours(25));
    site.collector.withdraw(List.of(event(site.view("\"id\":\"%s\",".formatted(ID)))));
    assertThat(event(site.view("\"id\":\"%s\",".formatted(ID))).duplicate()).isFalse();
  }

  @Test
  void aStartChangesNothingAboutIt() throws IOException {
    ACollector site = new ACollector(directory, BLOG);
    Event first = event(site.view("\"id\":\"%s\",".formatted(ID)));
    boolean[] broken = {true};
    site.restart(
        (siteId, since, into) -> {
          if (broken[0]) {
            throw new IOException("the lake is not there");
          }
          assertThat(siteId).isEqualTo("blog.example");
          assertThat(since).isEqualTo(site.now.minus(Duration.ofHours(24)));
          into.take(first.id(), first.name(), "", first.receivedAt());
        });
    // Kept is more than counted once.
    assertThat(event(site.view("\"id\":\"00000000-0000-4000-8000-000000000007\",")).duplicate())
        .isFalse();
    broken[0] = false;
    assertThat(event(site.view("\"id\":\"%s\",".formatted(ID))).duplicate()).isFalse();
    site.restart(
        (siteId, since, into) -> into.take(first.id(), first.name(), "", first.receivedAt()));
    assertThat(event(site.view("\"id\":\"%s\",".formatted(ID))).duplicate()).isTrue();
  }

  @Test
  void anOrderIsCountedOnce() throws IOException {
    ACollector site = new ACollector(directory, BLOG + "currency: EUR\n");
    String order =
        "{\"n\":\"%s\",\"u\":\"https://blog.example/\",\"ra\":\"%s\",\"order\":{\"id\":\"%s\"}}";
    assertThat(site.kept(order.formatted("Buy", "10", "A-1")).duplicate()).isFalse();
    assertThat(site.kept(order.formatted("Buy", "10", "A-1")).duplicate()).isTrue();
    assertThat(site.kept(order.formatted("Buy", "10", "A-2")).duplicate()).isFalse();
    assertThat(site.kept(order.formatted("Refund", "-10", "A-1")).duplicate()).isFalse();
    // Looking at a cart again is not buying it again.
    String cart =
        "{\"n\":\"cart\",\"u\":\"https://blog.example/\",\"order\":{\"id\":\"A-1\",\"tax\":1}}";
    assertThat(site.kept(cart).duplicate()).isFalse();
    assertThat(site.kept(cart).duplicate()).isFalse();
  }

  @Test
  void declaredPropertiesAreReadByIndexAndName() throws IOException {
    ACollector site =
        new ACollector(
            directory,
            BLOG
                + """
                properties:
                  - {name: plan, index: 1}
                  - {name: team, index: 20, scope: Visitor}
                  - {name: seats, index: 1, type: Integer}
                  - {name: saved, index: 2, type: Currency}
                  - {name: waited, index: 3, type: Time}
                """);
    Event event =
        site.kept(
            """
            {"n":"x","u":"https://blog.example/","dimensions":{"1":"go\\"ld","nothing":"x","2":"x"},
             "metrics":{"1":"7","saved":"12.345","waited":"1.5","9":"1"},
             "props":{"team":"blue","plan":"silver","free":"yes"}}\
            """);
    assertThat(event.details().dimensions()).isEqualTo("{\"1\":\"go\\\"ld\",\"20\":\"blue\"}");
    assertThat(event.details().metrics()).isEqualTo("{\"1\":7,\"2\":12.34,\"3\":1.5}");
    assertThat(event.props()).isEqualTo("{\"team\":\"blue\",\"plan\":\"silver\",\"free\":\"yes\"}");
    Event wrong =
        site.kept(
            """
            {"n":"x","u":"https://blog.example/",
             "metrics":{"seats":"7.5","saved":"1e999999999","waited":"-1"}}\
            """);
    assertThat(wrong.details().metrics()).isEmpty();
    assertThat(Optional.of(wrong.details().dimensions())).contains("");
  }
}
