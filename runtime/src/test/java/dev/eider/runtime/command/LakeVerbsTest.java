package dev.eider.runtime.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.ARuntime;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The lake's verbs as a person types them, beside a running runtime and without one. */
final class LakeVerbsTest {

  @TempDir private Path folder;

  @Test
  void besideARuntimeAndWithoutOne() throws Exception {
    Path token = Files.writeString(folder.resolve("token"), ARuntime.TOKEN);
    ARuntime.declare(folder, ARuntime.BLOG);
    Path data = folder.resolve("data");
    List<String> here = List.of("--data=" + data, "--extensions=target/extensions");
    try (ARuntime runtime = ARuntime.in(folder)) {
      List<String> there =
          List.of("--runtime=http://127.0.0.1:" + runtime.port(), "--admin-token-file=" + token);
      assertThat(eider(there, "snapshots"))
          .contains("succeeded: {\"snapshots\":[{\"snapshot_id\":1,", "\"count\":1}", "exit 0");
      assertThat(eider(there, "verify", "rollups"))
          .contains(
              "succeeded: {\"days\":0,\"rows\":0,\"differing\":0,\"differences\":[]}", "exit 0");
      assertThat(
              eider(
                  there,
                  "sql",
                  "SELECT count(*) AS n, $a AS a, $b AS b FROM events",
                  "--param=a=[1, 2]",
                  "--param=b=2026-01-01"))
          .isEqualTo("n,a,b\n0,\"[1, 2]\",2026-01-01\nexit 0");
      assertThat(eider(there, "sql", "--format=json", "SELECT * FROM read_text('/etc/passwd')"))
          .matches(
              "eider sql: http://127.0.0.1:\\d+ answers 400: the table function \"read_text\" is not possible here\nexit 1");
      Path exported = folder.resolve("events.csv");
      assertThat(
              eider(
                  there,
                  "export",
                  "--site=blog.example.com",
                  "--period=7d",
                  "-o",
                  exported.toString()))
          .isEqualTo("exit 0");
      assertThat(Files.readString(exported)).startsWith("site_id,visitor_id,").hasLineCount(1);
      assertThat(eider(there, "export", "--site=nowhere", "-o", exported.toString()))
          .contains("answers 401: there is no such site, or this is not its stats key");
      assertThat(eider(there, "info")).contains("\"row_count\":0");
      assertThat(eider(there, "cleanup"))
          .contains("\"older_than_hours\":168,\"dry_run\":true,\"orphans_removed\":0}");
      assertThat(eider(there, "cleanup", "--execute", "--older-than-hours=1"))
          .contains("\"older_than_hours\":1,\"dry_run\":false");
      assertThat(eider(there, "expire", "--older-than-days=9999"))
          .contains("older_than_days is a whole number from 1 to 3650", "exit 1");
      assertThat(eider(there, "catalog", "copy", folder.resolve("copy").toString()))
          .contains(
              "ATTACH 'ducklake:%s/copy/catalog.ducklake' AS lake (READ_ONLY, DATA_PATH '%s/lake/data/', OVERRIDE_DATA_PATH true);"
                  .formatted(folder, data));
      assertThat(eider(here, "compact"))
          .contains(
              data + " is in use by a runtime: ask that one, --runtime URL, or stop it first",
              "exit 1");
    }
    assertThat(eider(here, "expire", "--dry-run", "--older-than-days=30"))
        .contains(
            "{\"status\":\"ok\",\"expired_count\":0,\"older_than_days\":30,\"dry_run\":true}");
    assertThat(eider(here, "verify", "rollups"))
        .contains("no site is known, so there is nothing to compare", "exit 1");
    assertThat(eider(here, "expire", "--dry-run", "--execute")).contains("exit 2");
  }

  private static String eider(List<String> where, String... words) {
    StringWriter said = new StringWriter();
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(where);
    CommandLine line =
        EiderCommand.commandLine()
            .setOut(new PrintWriter(said, true))
            .setErr(new PrintWriter(said, true));
    int exit = line.execute(all.toArray(String[]::new));
    return said + "exit " + exit;
  }
}
