package dev.eider.runtime.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.event.Details;
import dev.eider.runtime.event.Device;
import dev.eider.runtime.event.Engagement;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.event.EventType;
import dev.eider.runtime.event.Page;
import dev.eider.runtime.event.Place;
import dev.eider.runtime.event.Source;
import dev.eider.runtime.event.Visitor;
import dev.eider.runtime.journal.Accepted;
import dev.eider.runtime.lake.Lake;
import dev.eider.runtime.lake.LakeSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A lake with two sites, {@code blog} settled, flushed and hot, {@code shop} settled. */
public final class SqlSite implements AutoCloseable {

  public static final Instant MORNING = Instant.parse("2026-05-04T08:00:00Z");
  private static final UUID JOURNAL = UUID.fromString("00000000-0000-4000-8000-000000000001");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Lake lake;
  final Path scratch;
  private final SqlLimits limits;
  private long seq;

  public SqlSite(Path data) {
    this(data, LakeSettings.of(data, Path.of("target/extensions").toAbsolutePath()));
  }

  SqlSite(Path data, LakeSettings settings) {
    scratch = data.resolve("tmp/sql");
    limits = new SqlLimits(Duration.ofSeconds(20), 64L << 20, 2, 64L << 20, scratch);
    lake =
        Lake.open(
            settings.withMemoryLimit(256L << 20).withCleanupGrace(Duration.ZERO), Disk.real());
    lake.own(
        JOURNAL,
        1,
        (after, through, into) -> {
          throw new AssertionError("no engine was to be replaced");
        });
  }

  /** One page view of each: shop's and blog's settled, blog's flushed, blog's hot by a machine. */
  public SqlSite filled() {
    accept(view("shop", "s1", MORNING, "/secret"), view("blog", "v1", MORNING, "/settled"));
    lake.flush();
    lake.settle(step -> {});
    accept(view("blog", "v1", MORNING.plusSeconds(60), "/flushed"));
    lake.flush();
    accept(event("blog", "v2", MORNING.plusSeconds(120), "/hot", "=title", "crawler"));
    return this;
  }

  public void accept(Event... events) {
    List<Accepted> batch = new ArrayList<>();
    for (Event event : events) {
      batch.add(new Accepted(++seq, event));
    }
    lake.accept(batch);
  }

  public static Event view(String site, String visitor, Instant at, String path) {
    return event(site, visitor, at, path, "", "");
  }

  private static Event event(
      String site, String visitor, Instant at, String path, String title, String botRule) {
    return new Event(
        new UUID(path.hashCode(), at.toEpochMilli()),
        site,
        new Visitor(visitor, ""),
        at,
        at,
        at.atZone(ZoneOffset.UTC).toLocalDate(),
        EventType.PAGEVIEW,
        "pageview",
        true,
        new Page("", path, "example.org", title),
        Source.DIRECT,
        Device.UNKNOWN,
        Place.UNKNOWN,
        "{\"plan\":\"pro\"}",
        Optional.empty(),
        Engagement.NONE,
        Details.NONE,
        botRule,
        false,
        1.0);
  }

  public Lake lake() {
    return lake;
  }

  public SqlLimits limits() {
    return limits;
  }

  /** Asks about blog. */
  SqlAnswer ask(SqlRequest request) {
    return ask(request, List.of("blog"), limits, new SqlCancel());
  }

  public SqlAnswer ask(SqlRequest request, List<String> sites, SqlLimits within, SqlCancel cancel) {
    return new AdHocSql(within)
        .answer(
            request,
            folder -> lake.excerpt(sites, folder),
            new SqlScope(ZoneOffset.UTC, UnaryOperator.identity()),
            cancel);
  }

  static SqlRequest request(String query, SqlFormat format) {
    return new SqlRequest(query, Map.of(), format, SqlRequest.USUAL_ROWS);
  }

  /** The rows of an answer about blog, one JSON object a line. */
  String rows(String query) {
    return written(request(query, SqlFormat.NDJSON));
  }

  /** An answer about blog, written down. */
  String written(SqlRequest request) {
    return written(ask(request));
  }

  static String written(SqlAnswer answer) {
    try (answer) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      answer.writeTo(out);
      return out.toString(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new AssertionError(text, e);
    }
  }

  /** What lies in the folder of questions. */
  public List<String> leftovers() throws IOException {
    if (!Files.exists(scratch)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(scratch)) {
      return all.filter(path -> !path.equals(scratch)).map(Path::toString).toList();
    }
  }

  @Override
  public void close() {
    lake.close();
  }
}
