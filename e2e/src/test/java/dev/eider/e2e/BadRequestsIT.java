package dev.eider.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eider.e2e.client.Answer;
import dev.eider.e2e.client.Visitors;
import dev.eider.e2e.client.Wire;
import dev.eider.e2e.cluster.Namespace;
import dev.eider.e2e.cluster.OnCluster;
import dev.eider.e2e.cluster.Progress;
import dev.eider.e2e.cluster.Site;
import java.io.IOException;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is sent: the right 4xx with a body that says why, nothing stored, nothing stuck. */
@OnCluster
class BadRequestsIT {
  private static final String DOMAIN = "strict.example.com";

  private static final String SITE =
      """
      apiVersion: eider.dev/v1alpha1
      kind: AnalyticsSite
      metadata: {name: strict}
      spec:
        domains: [strict.example.com]
        runtime:
          compaction: {schedule: "0 0 29 2 *"}
      """;

  private static final int MANY_CONNECTIONS = 10_000;

  /** An answer may take this long with anything else going on. */
  private static final Duration AT_ONCE = Duration.ofSeconds(5);

  /** A request may take this long to arrive whole. */
  private static final Duration SLOWEST = Duration.ofSeconds(90);

  private final Namespace namespace;
  private final AtomicInteger good = new AtomicInteger();
  private Site site;
  private Visitors visitors;

  BadRequestsIT(Namespace namespace) {
    this.namespace = namespace;
  }

  @BeforeAll
  void declareTheSite() {
    site = namespace.site("strict", SITE).awaitReady();
    visitors = site.visitors(DOMAIN);
  }

  @AfterEach
  void nothingIsStoredAndNothingStuck() {
    aGoodEventIsAcceptedAtOnce();
    assertThat(site.statistics(DOMAIN).total("events")).isEqualTo(good.get());
    assertThat(site.container().orElseThrow())
        .satisfies(
            container -> {
              assertThat(container.getReady()).isTrue();
              assertThat(container.getRestartCount()).isZero();
            });
  }

  private void aGoodEventIsAcceptedAtOnce() {
    Instant began = Instant.now();
    visitors.look(1, "/good-" + good.incrementAndGet());
    assertThat(Duration.between(began, Instant.now())).isLessThan(AT_ONCE);
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          400 | hello                                                                                               | JSON
          400 | {"name": "pageview"                                                                                 | JSON
          400 | []                                                                                                  | object
          400 | null                                                                                                | object
          400 | ''                                                                                                  | JSON
          400 | {"url": "https://strict.example.com/", "domain": "strict.example.com"}                              | name
          400 | {"name": "pageview", "domain": "strict.example.com"}                                                | url
          400 | {"name": ["pageview"], "url": "https://strict.example.com/", "domain": "strict.example.com"}        | name
          400 | {"name": "pageview", "url": 7, "domain": "strict.example.com"}                                      | url
          400 | {"name": "pageview", "url": "https://strict.example.com/", "domain": {"a": 1}}                      | domain
          400 | {"name": "pageview", "url": "https://strict.example.com/", "domain": "stranger.example.com"}        | stranger.example.com
          400 | {"name": "pageview", "url": "data:text/html,x", "domain": "strict.example.com"}                     | url
          400 | {"name": "engagement", "url": "https://strict.example.com/", "domain": "strict.example.com"}        | engagement
          400 | {"name": "Buy", "url": "https://strict.example.com/", "domain": "strict.example.com", "revenue": {"currency": "EUR", "amount": 1e300}} | revenue
          """)
  void isRefusedWithAReason(int status, String body, String why) {
    Answer answer =
        visitors.send(
            body, Map.of("User-Agent", Visitors.browser(1), "Content-Type", "application/json"));
    assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
    assertThat(answer.body()).contains(why);
  }

  @Test
  void whatIsTooLargeIsNotReadToItsEnd() throws IOException {
    byte[] part = " ".repeat(8192).getBytes(StandardCharsets.UTF_8);
    try (Wire wire = Wire.open(site.url(), AT_ONCE)) {
      wire.write(wire.head("POST", "/api/event", Map.of("Content-Type", "text/plain"), 1L << 40));
      Answer answer = sendUntilAnswered(wire, part, 1 << 28);
      assertThat(answer.status()).isEqualTo(413);
      assertThat(answer.body()).contains("larger than");
    }
  }

  /**
   * The limit leaves room for all that Plausible allows: 30 properties of 2000 bytes with names of
   * 300.
   */
  @Test
  void theLargestEventThereCanBeIsTaken() {
    ObjectNode event = visitors.pageview("/good-" + good.incrementAndGet());
    ObjectNode properties = event.putObject("props");
    for (int i = 10; i < 40; i++) {
      properties.put("n".repeat(298) + i, "v".repeat(2000));
    }
    Answer answer = visitors.send(event.toString(), Map.of("User-Agent", Visitors.browser(1)));
    assertThat(answer.accepted()).as(answer.toString()).isTrue();
  }

  /** A server that answers early may also close: what it said before is still to be read. */
  private static Answer sendUntilAnswered(Wire wire, byte[] part, long most) throws IOException {
    try {
      for (long sent = 0; sent < most && !wire.answerWaits(); sent += part.length) {
        wire.write(part);
      }
    } catch (IOException closed) {
      Progress.say("closed while we were sending, as it may: " + closed.getMessage());
    }
    return wire.answer();
  }

  @Test
  void aChunkedBodyHasTheSameLimit() throws IOException {
    byte[] chunk = ("2000\r\n" + " ".repeat(8192) + "\r\n").getBytes(StandardCharsets.UTF_8);
    try (Wire wire = Wire.open(site.url(), AT_ONCE)) {
      wire.write(
          """
          POST /api/event HTTP/1.1\r
          Host: strict.example.com\r
          Content-Type: text/plain\r
          Transfer-Encoding: chunked\r
          \r
          """
              .getBytes(StandardCharsets.UTF_8));
      assertThat(sendUntilAnswered(wire, chunk, 1 << 28).status()).isEqualTo(413);
    }
  }

  @Test
  void whatIsNoHttpIsRefused() throws IOException {
    try (Wire wire = Wire.open(site.url(), AT_ONCE)) {
      wire.write("Good morning!\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      assertThat(wire.answer().status()).isEqualTo(400);
    }
  }

  @Test
  void slowBodiesAreCutOff() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Duration>> slow = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        boolean trickles = i % 2 == 0;
        slow.add(threads.submit(() -> untilCutOff(site.url(), trickles)));
      }
      aGoodEventIsAcceptedAtOnce();
      for (Future<Duration> cutOff : slow) {
        assertThat(cutOff.get()).isLessThan(SLOWEST);
      }
    }
  }

  /** Begins a request and never ends it: says nothing more, or a byte a second. */
  private static Duration untilCutOff(URI url, boolean trickles) throws IOException {
    Instant began = Instant.now();
    try (Wire wire = Wire.open(url, Duration.ofSeconds(1))) {
      wire.write(wire.head("POST", "/api/event", Map.of("Content-Type", "text/plain"), 1000));
      while (Duration.between(began, Instant.now()).compareTo(SLOWEST) < 0) {
        if (trickles) {
          wire.write(new byte[] {' '});
        }
        if (wire.answerWaits()) {
          Answer answer = wire.answer();
          assertThat(answer.status()).isEqualTo(408);
          break;
        }
        if (wire.closedByServer()) {
          break;
        }
      }
    } catch (SocketException e) {
      return Duration.between(began, Instant.now()); // reset while we wrote
    }
    return Duration.between(began, Instant.now());
  }

  @Test
  void tenThousandOpenConnectionsLockNobodyOut() throws Exception {
    int count = site.bearsLoad() ? MANY_CONNECTIONS : 200;
    List<Wire> open = new ArrayList<>(count);
    try {
      Progress.step(
          "opening " + count + " connections",
          () -> {
            for (int i = 0; i < count; i++) {
              open.add(Wire.open(site.url(), AT_ONCE));
            }
            return count;
          });
      aGoodEventIsAcceptedAtOnce();
      // They are as good as any: each may still be used.
      for (int i = 0; i < count; i += count / 20) {
        assertThat(open.get(i).send("GET", "/livez", Map.of(), new byte[0]).status())
            .isEqualTo(200);
      }
    } finally {
      for (Wire wire : open) {
        wire.close();
      }
    }
  }
}
