package dev.eider.runtime;

import static java.net.http.HttpRequest.BodyPublishers.ofString;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.config.BackupSettings;
import dev.eider.runtime.config.CollectSettings;
import dev.eider.runtime.config.PrivacySettings;
import dev.eider.runtime.config.RuntimeSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is on the disk after events came: the raw bytes of the journal before it is flushed, the
 * rows of the Parquet files, and the raw bytes of everything. Standard mode is the control for what
 * Strict must not have.
 */
final class PrivacyTest {

  private static final Instant EXACT = Instant.parse("2026-05-04T13:37:42.123Z");

  /** Must be nowhere, whatever the mode. */
  private static final Map<String, byte[]> NEVER = new LinkedHashMap<>();

  /** Must be nowhere in Strict mode, and is there in Standard. */
  private static final Map<String, byte[]> NOT_WHEN_STRICT = new LinkedHashMap<>();

  static {
    NEVER.put("address", "203.0.113.77".getBytes(ISO_8859_1));
    NEVER.put("address as bytes", new byte[] {(byte) 203, 0, 113, 77});
    NEVER.put("forwarded address", "198.51.100.23".getBytes(ISO_8859_1));
    NEVER.put("user agent", "Mozilla".getBytes(ISO_8859_1));
    NEVER.put("end of the user agent", "Sekret/47.11".getBytes(ISO_8859_1));
    NEVER.put("referrer's query", "sekretquery".getBytes(ISO_8859_1));
    NEVER.put("page's query", "sekrettoken".getBytes(ISO_8859_1));
    NEVER.put("user id", "sekretcustomer".getBytes(ISO_8859_1));
    NOT_WHEN_STRICT.put("browser's version", "141.7".getBytes(ISO_8859_1));
    NOT_WHEN_STRICT.put("screen size", "91512".getBytes(ISO_8859_1));
    NOT_WHEN_STRICT.put("region", "Sekretland".getBytes(ISO_8859_1));
    NOT_WHEN_STRICT.put("city", "Sekretville".getBytes(ISO_8859_1));
    NOT_WHEN_STRICT.put("parameter that is no campaign", "refsekret".getBytes(ISO_8859_1));
    NOT_WHEN_STRICT.put("exact time", ByteBuffer.allocate(8).putLong(EXACT.toEpochMilli()).array());
  }

  /** As long a needle may be that is not looked for in what is random. */
  private static final int SHORT = 5;

  /** Names of files and lakes, which are as random. */
  private static final Pattern UUIDS = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  @TempDir private Path folder;

  @Test
  void standardModeKeepsNeitherAddressNorUserAgent() throws Exception {
    Disk disk = disk("privacy: {identity: Provided}", UnaryOperator.identity());
    assertThat(disk.journalHas).isEqualTo(new TreeSet<>(NOT_WHEN_STRICT.keySet()));
    assertThat(disk.has(NEVER)).isEmpty();
    assertThat(disk.exactTimes).isNotEmpty();
    assertThat(disk.rows).isGreaterThanOrEqualTo(8);
  }

  @Test
  void strictModeKeepsNoMoreThanItSays() throws Exception {
    check(disk("privacy: {mode: Strict}", UnaryOperator.identity()));
  }

  @Test
  void strictModeForAllSitesIsOneFlag() throws Exception {
    check(
        disk(
            "privacy: {mode: Standard, identity: Provided, roundTimestamps: None}",
            settings ->
                new RuntimeSettings(
                    settings.flush(),
                    settings.compaction(),
                    settings.snapshots(),
                    settings.place(),
                    settings.trustedProxies(),
                    new CollectSettings(
                        PrivacySettings.Mode.STRICT,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                    BackupSettings.DEFAULT,
                    Optional.empty())));
  }

  private static void check(Disk disk) throws IOException {
    assertThat(disk.journalHas).isEmpty();
    assertThat(disk.has(NEVER)).isEmpty();
    assertThat(disk.has(NOT_WHEN_STRICT)).isEmpty();
    assertThat(disk.exactTimes).isEmpty();
    assertThat(disk.rows).isGreaterThanOrEqualTo(8);
  }

  /** What was found after events came and the runtime stopped. */
  private record Disk(
      TreeSet<String> journalHas, Path data, String rowsAsText, List<String> exactTimes, int rows) {

    /** Which of them are in any file as they are, or in any row, and where. */
    TreeSet<String> has(Map<String, byte[]> needles) throws IOException {
      TreeSet<String> found = new TreeSet<>();
      for (Path file : files(data)) {
        // A few bytes turn up by chance in what is compressed or random.
        boolean plain = !file.toString().endsWith(".parquet") && !file.toString().contains("state");
        String bytes = UUIDS.matcher(Files.readString(file, ISO_8859_1)).replaceAll("");
        in(bytes, needles, plain).forEach(name -> found.add(name + " in " + file));
      }
      in(rowsAsText, needles, true).forEach(name -> found.add(name + " in a row"));
      return found;
    }
  }

  private Disk disk(String privacy, UnaryOperator<RuntimeSettings> overrides) throws Exception {
    Path data = folder.resolve("data");
    Path sites =
        ARuntime.declare(
            folder,
            """
        apiVersion: eider.dev/v1alpha1
        kind: AnalyticsSite
        metadata: {name: blog}
        spec:
          domains: [blog.example.com]
          %s
          runtime: {}
        """
                .formatted(privacy));
    TreeSet<String> journalHas = new TreeSet<>();
    try (ARuntime runtime = ARuntime.in(folder, overrides)) {
      send(runtime);
      List<Path> segments = files(data.resolve("journal"));
      assertThat(segments).isNotEmpty();
      for (Path segment : segments) {
        String bytes = Files.readString(segment, ISO_8859_1);
        journalHas.addAll(in(bytes, NEVER, true));
        journalHas.addAll(in(bytes, NOT_WHEN_STRICT, true));
      }
    }
    // Settled too, beside the files that were flushed.
    Offline.run(
        data,
        ARuntime.EXTENSIONS,
        Optional.of(sites),
        UnaryOperator.identity(),
        "compact",
        true,
        Map.of(),
        step -> {});
    return read(journalHas, data);
  }

  /** A browser behind a proxy, and a server that says when and who. */
  private static void send(ARuntime runtime) throws Exception {
    String page =
        "\"u\":\"https://blog.example.com/a?token=sekrettoken&ref=refsekret&utm_source=news\","
            + "\"r\":\"https://www.search.example/find?q=sekretquery\",\"w\":91512";
    runtime.accepted(
        runtime
            .to("/api/event")
            .header("X-Forwarded-For", "198.51.100.23")
            .header("User-Agent", agent())
            .POST(ofString("{\"n\":\"pageview\"," + page + "}")));
    String server =
        """
        [{"n":"pageview",%1$s,"timestamp":"%2$s","ip":"203.0.113.77","user_agent":"%3$s",
          "country":"DE","region":"Sekretland","city":"Sekretville","user_id":"sekretcustomer",
          "id":"%4$s"},
         {"n":"Sign up",%1$s,"timestamp":"%2$s","ip":"203.0.113.77","user_agent":"%3$s"},
         {"n":"engagement",%1$s,"timestamp":"%2$s","e":5,"ip":"203.0.113.77","user_agent":"%3$s"}]
        """
            .formatted(page, EXACT, agent(), timed());
    String key = runtime.key("blog.example.com", "ingest");
    String answer = runtime.send(runtime.bearing(key, "/api/events").POST(ofString(server))).body();
    assertThat(answer).contains("\"accepted\":3");
  }

  private static String agent() {
    return "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
        + " Chrome/141.7.0.0 Safari/537.36 Sekret/47.11";
  }

  /** An id of version 7 that a sender made at the exact time. */
  private static UUID timed() {
    return new UUID(EXACT.toEpochMilli() << 16 | 0x7123L, 0x8123_4567_89ab_cdefL);
  }

  private static Disk read(TreeSet<String> journalHas, Path data) throws Exception {
    StringBuilder text = new StringBuilder();
    List<String> exact = new ArrayList<>();
    int rows = 0;
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement()) {
      for (Path file : files(data.resolve("lake"))) {
        if (!file.toString().endsWith(".parquet")) {
          continue;
        }
        boolean events = false;
        // The lake's own books have the times of its transactions.
        boolean ofEvents = false;
        try (ResultSet found =
            statement.executeQuery("SELECT * FROM read_parquet('%s')".formatted(file))) {
          int columns = found.getMetaData().getColumnCount();
          for (int i = 1; i <= columns; i++) {
            events |= found.getMetaData().getColumnName(i).equals("event_id");
            ofEvents |= found.getMetaData().getColumnName(i).equals("visitor_id");
          }
          while (found.next()) {
            rows += events ? 1 : 0;
            for (int i = 1; i <= columns; i++) {
              Object value = found.getObject(i);
              text.append(value).append('\n');
              String name = found.getMetaData().getColumnName(i);
              if (ofEvents && isExact(value)) {
                exact.add(name + "=" + value);
              }
            }
          }
        }
      }
    }
    return new Disk(journalHas, data, text.toString(), exact, rows);
  }

  /** Whether a value says more of a time than its hour. */
  private static boolean isExact(Object value) {
    return switch (value) {
      case Timestamp time -> time.getTime() % Duration.ofHours(1).toMillis() != 0;
      case UUID id when id.version() == 7 ->
          (id.getMostSignificantBits() >>> 16) % Duration.ofHours(1).toMillis() != 0;
      case null, default -> false;
    };
  }

  private static TreeSet<String> in(String bytes, Map<String, byte[]> needles, boolean all) {
    TreeSet<String> found = new TreeSet<>();
    needles.forEach(
        (name, needle) -> {
          if ((all || needle.length > SHORT) && bytes.contains(new String(needle, ISO_8859_1))) {
            found.add(name);
          }
        });
    return found;
  }

  private static List<Path> files(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
