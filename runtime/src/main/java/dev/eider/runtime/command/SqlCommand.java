package dev.eider.runtime.command;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eider.runtime.archive.ArchiveException;
import dev.eider.runtime.archive.Archives;
import dev.eider.runtime.backup.BackupPlace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code eider sql}: asks a running runtime, which needs nothing to be stopped. */
@Command(
    name = "sql",
    aliases = "query",
    description =
        "Run one SELECT over the events of a site while the runtime runs, or over an archive.")
final class SqlCommand implements Callable<Integer> {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What is written for programs and not for terminals. */
  private static final Set<String> BINARY = Set.of("parquet", "arrow");

  @Spec private @Nullable CommandSpec spec;
  @Mixin private final RuntimeAccess runtime = new RuntimeAccess();

  @Parameters(paramLabel = "QUERY", description = "One SELECT; - reads it from standard input.")
  private String query = "";

  @Option(
      names = "--site",
      paramLabel = "ID",
      description =
          "A site's id or domain, more than once for several, or * for all. Default: the only one.")
  private List<String> sites = List.of();

  @Option(
      names = "--param",
      paramLabel = "NAME=VALUE",
      description = "A value for $NAME: a number, true, false, null, a list as JSON, or a text.")
  private Map<String, String> params = new HashMap<>();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "csv",
      description = "csv, json, ndjson, parquet or arrow. Default: csv.")
  private String format = "";

  @Option(
      names = "--limit",
      paramLabel = "ROWS",
      defaultValue = "10000",
      description = "Most rows, up to 1000000. Default: 10000.")
  private int limit;

  @Option(
      names = "--as-of",
      paramLabel = "WHEN",
      description =
          "Ask what the lake held then: a time like 2026-05-04T12:00:00Z, or a snapshot's number.")
  private String asOf = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where the rows go. Default: standard output.")
  private @Nullable Path output;

  @Option(
      names = "--archive",
      description =
          "Ask the archive, which has what retention removed, instead of the runtime: tables"
              + " events and counted_events.")
  private boolean fromArchive;

  @Option(
      names = "--first",
      paramLabel = "DAY",
      description = "With --archive: files that end before it are not fetched.")
  private LocalDate first = LocalDate.MIN;

  @Option(
      names = "--last",
      paramLabel = "DAY",
      description = "With --archive: files that begin after it are not fetched.")
  private LocalDate last = LocalDate.MAX;

  @Option(
      names = "--scratch",
      paramLabel = "DIR",
      description =
          "With --archive: where its files are fetched to. Default: the temporary folder.")
  private @Nullable Path scratch;

  @Mixin private final ArchiveSource archive = new ArchiveSource();

  @Override
  public Integer call() throws Exception {
    PrintWriter err = requireNonNull(spec).commandLine().getErr();
    if (output == null && BINARY.contains(format)) {
      throw new ParameterException(
          requireNonNull(spec).commandLine(),
          format + " is not for a terminal: give --output FILE");
    }
    if (fromArchive) {
      if (!asOf.isEmpty()) {
        throw new ParameterException(
            requireNonNull(spec).commandLine(),
            "--as-of asks the runtime about the past, and does not go with --archive");
      }
      return askArchive(err);
    }
    HttpResponse<InputStream> answer =
        runtime.send(
            runtime
                .to("/api/v1/sql?format=" + format)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body()))));
    write(answer);
    if (answer.headers().firstValue("X-Eider-Truncated").filter("true"::equals).isPresent()) {
      err.println("there are more rows than the %d shown; --limit shows more".formatted(limit));
    }
    answer.headers().firstValue("X-Eider-Warning").ifPresent(err::println);
    return 0;
  }

  private int askArchive(PrintWriter err) throws IOException {
    Map<String, JsonNode> values = new HashMap<>();
    params.forEach((name, value) -> values.put(name, value(value)));
    Path folder =
        Objects.requireNonNullElse(scratch, Path.of(System.getProperty("java.io.tmpdir")));
    ArchiveSql.Question question =
        new ArchiveSql.Question(query(), values, format, limit, sites, first, last);
    boolean more;
    try (BackupPlace place = archive.open()) {
      Archives archives = new Archives(place);
      if (output != null) {
        try (OutputStream out = Files.newOutputStream(output)) {
          more = new ArchiveSql(folder).ask(archives, question, out);
        }
      } else {
        ByteArrayOutputStream rows = new ByteArrayOutputStream();
        more = new ArchiveSql(folder).ask(archives, question, rows);
        PrintWriter out = requireNonNull(spec).commandLine().getOut();
        out.print(rows.toString(StandardCharsets.UTF_8));
        out.flush();
      }
    } catch (ArchiveException e) {
      throw new CommandFailedException(String.valueOf(e.getMessage()), e);
    }
    if (more) {
      err.println("there are more rows than the %d shown; --limit shows more".formatted(limit));
    }
    return 0;
  }

  private String query() throws IOException {
    return query.equals("-") ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8) : query;
  }

  private void write(HttpResponse<InputStream> answer) throws IOException {
    try (InputStream body = answer.body()) {
      if (output != null) {
        Files.copy(body, output, StandardCopyOption.REPLACE_EXISTING);
      } else {
        PrintWriter out = requireNonNull(spec).commandLine().getOut();
        new InputStreamReader(body, StandardCharsets.UTF_8).transferTo(out);
        if (format.equals("json")) {
          out.println();
        }
        out.flush();
      }
    }
  }

  private ObjectNode body() throws IOException {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("query", query());
    body.put("limit", limit);
    if (sites.size() == 1) {
      body.put("site_id", sites.getFirst());
    } else if (!sites.isEmpty()) {
      body.set("site_id", JSON.valueToTree(sites));
    }
    if (!asOf.isEmpty()) {
      body.set("as_of", value(asOf));
    }
    ObjectNode values = body.putObject("params");
    params.forEach((name, value) -> values.set(name, value(value)));
    return body;
  }

  /** What reads as JSON and is no object is that; everything else is a text. */
  private static JsonNode value(String text) {
    try {
      JsonNode read = JSON.readTree(text);
      if (read != null && !read.isObject() && !read.isMissingNode()) {
        return read;
      }
    } catch (JsonProcessingException e) {
      // A text, then.
    }
    return JsonNodeFactory.instance.textNode(text);
  }
}
