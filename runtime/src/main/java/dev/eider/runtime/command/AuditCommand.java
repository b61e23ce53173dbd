package dev.eider.runtime.command;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eider audit}: what was done to people's data. */
@Command(
    name = "audit",
    description =
        "Show what was done to people's data and by whom, the newest first, a line of JSON each:"
            + " retention, erasures, backups, restores, exports. With no runtime, read"
            + " DATA/state/audit/*.ndjson.")
final class AuditCommand implements Callable<Integer> {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final RuntimeAccess runtime = new RuntimeAccess();

  @Option(
      names = "--site",
      paramLabel = "ID",
      defaultValue = "",
      description = "Only what was done to this site; its id or domain.")
  private String site = "";

  @Option(
      names = "--since",
      paramLabel = "TIME",
      defaultValue = "",
      description = "Nothing older, such as 2026-05-04T12:00:00Z.")
  private String since = "";

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "At most so many, up to 1000. Default: 100.")
  private int limit;

  @Override
  public Integer call() throws Exception {
    HttpResponse<InputStream> answer =
        runtime.send(
            runtime.to(
                "/admin/audit?site_id=%s&since=%s&limit=%d"
                    .formatted(encoded(site), encoded(since), limit)));
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    try (InputStream body = answer.body()) {
      for (JsonNode entry : JSON.readTree(body).path("logs")) {
        out.println(entry);
      }
    }
    out.flush();
    return 0;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
