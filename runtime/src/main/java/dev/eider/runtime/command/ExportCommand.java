package dev.eider.runtime.command;

import static java.util.Objects.requireNonNull;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code eider export}: a site's events as they were accepted. */
@Command(name = "export", description = "Write a site's events to a file while the runtime runs.")
final class ExportCommand implements Callable<Integer> {

  @Mixin private final RuntimeAccess runtime = new RuntimeAccess();

  @Option(
      names = "--site",
      paramLabel = "ID",
      required = true,
      description = "The site's id or domain.")
  private String site = "";

  @Option(
      names = "--period",
      paramLabel = "PERIOD",
      description = "day, 7d, 30d, 90d, 12mo or all. Default: 30d.")
  private @Nullable String period;

  @Option(names = "--from", paramLabel = "DATE", description = "Or: the first day.")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "DATE", description = "With --from: the last day.")
  private @Nullable String to;

  @Option(
      names = "--subject",
      paramLabel = "FILE",
      description = {
        "Only one person's, who asks for their data: a JSON object as eider erase takes it, such"
            + " as",
        "{\"visitorIds\": [\"…\"]}; - is standard input. With it, --period is all unless given."
      })
  private @Nullable Path subject;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "csv",
      description = "csv, ndjson, parquet or arrow. Default: csv.")
  private String format = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      required = true,
      description = "Where the events go; - is standard output.")
  private @Nullable Path output;

  @Override
  public Integer call() throws Exception {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("site_id", site);
    query.put("format", format);
    put(query, "period", subject != null && period == null && from == null ? "all" : period);
    put(query, "start_date", from);
    put(query, "end_date", to);
    HttpRequest.Builder request =
        runtime.to(
            "/api/v1/export/events?"
                + query.entrySet().stream()
                    .map(
                        entry ->
                            entry.getKey()
                                + "="
                                + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                    .collect(Collectors.joining("&")));
    if (subject != null) {
      byte[] whose =
          subject.toString().equals("-") ? System.in.readAllBytes() : Files.readAllBytes(subject);
      request.POST(HttpRequest.BodyPublishers.ofByteArray(whose));
    }
    HttpResponse<InputStream> answer = runtime.send(request);
    write(answer);
    return 0;
  }

  /** A file gets its name when it is whole. */
  private void write(HttpResponse<InputStream> answer) throws Exception {
    Path file = requireNonNull(output);
    try (InputStream body = answer.body()) {
      if (file.toString().equals("-")) {
        OutputStream out = System.out;
        body.transferTo(out);
        out.flush();
        return;
      }
      Path folder = file.toAbsolutePath().getParent();
      if (folder == null || !Files.isDirectory(folder)) {
        throw new CommandFailedException("there is no folder %s to write into".formatted(folder));
      }
      Path part = file.resolveSibling(file.getFileName() + ".part");
      Files.copy(body, part, StandardCopyOption.REPLACE_EXISTING);
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void put(Map<String, String> query, String name, @Nullable String value) {
    if (value != null) {
      query.put(name, value);
    }
  }
}
