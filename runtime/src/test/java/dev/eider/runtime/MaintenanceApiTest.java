package dev.eider.runtime;

import static java.net.http.HttpRequest.BodyPublishers.noBody;
import static java.net.http.HttpRequest.BodyPublishers.ofString;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code /v1/analytics} on a real lake. */
final class MaintenanceApiTest {

  private static final String AT = "/v1/analytics/";
  private static final String TIME = "\"20[-0-9]+T[0-9:.]+Z\"";

  @TempDir private Path folder;
  private ARuntime runtime;

  @BeforeEach
  void start() throws IOException {
    ARuntime.declare(folder, ARuntime.BLOG);
    runtime = ARuntime.in(folder);
  }

  @AfterEach
  void stop() {
    runtime.close();
  }

  @Test
  void looksAfterTheLakeInTheWordsOfTheFlightRecorder() throws Exception {
    runtime.view("/");
    runtime.view("/");
    assertThat(post("rollup?delete_after_rollup=true").replaceAll(TIME, "TIME"))
        .isEqualTo(
            "200 {\"status\":\"ok\",\"result\":{\"segments_processed\":1,\"logs_inserted\":2,\"segments_deleted\":1,"
                + "\"errors\":[],\"timestamp\":TIME}}");
    runtime.view("/");
    assertThat(post("rollup").replaceAll(TIME, "TIME"))
        .contains("\"logs_inserted\":1,\"segments_deleted\":0,");
    assertThat(post("maintenance/compact"))
        .isEqualTo(
            "200 {\"status\":\"ok\",\"files_before\":2,\"files_after\":2,\"files_merged\":0,\"rows\":0}");
    assertThat(get("info"))
        .startsWith("200 {")
        .contains("\"table\":\"events\"", "\"table_name\":\"events\"", "\"file_count\":1")
        .contains("\"row_count\":3", "\"total_size_bytes\":");
    assertThat(get("snapshots").replaceAll(TIME, "TIME"))
        .contains("\"count\":4")
        .contains(
            "{\"snapshot_id\":2,\"snapshot_time\":TIME,\"commit_message\":\"flushing 2"
                + " rows\",\"schema_version\":1}");
    assertThat(get("snapshots?limit=1")).contains("\"count\":1}");
    assertThat(get("snapshots?limit=0"))
        .isEqualTo("400 {\"detail\":\"limit is a whole number from 1 to 10000\"}");
    assertThat(get("info?table=sessions"))
        .isEqualTo("400 {\"detail\":\"table may be events alone\"}");
    assertThat(runtime.get("/admin/status"))
        .contains("\"health\":{\"level\":\"ok\",\"checks\":[{\"name\":\"files\",\"level\":\"ok\",")
        .containsPattern("\"as_of_horizon\":" + TIME);
    assertThat(runtime.get("/metrics"))
        .contains("eider_lake_health{check=\"files\"} 0.0", "eider_lake_rows 3.0");
    assertThat(post("maintenance/expire-snapshots"))
        .isEqualTo("200 {\"status\":\"ok\",\"expired_count\":0,\"older_than_days\":90}");
    assertThat(post("maintenance/cleanup"))
        .isEqualTo(
            "200 {\"status\":\"ok\",\"files_cleaned\":0,\"older_than_hours\":168,\"dry_run\":true}");
    assertThat(post("maintenance/cleanup?older_than_hours=1&dry_run=false"))
        .isEqualTo(
            "200 {\"status\":\"ok\",\"files_cleaned\":0,\"older_than_hours\":1,\"dry_run\":false}");
  }

  @Test
  void parametersMayStandInTheBodyToo() throws Exception {
    assertThat(
            runtime.answer(
                runtime
                    .admin(AT + "maintenance/cleanup")
                    .POST(ofString("{\"older_than_hours\": 2, \"dry_run\": false}"))))
        .isEqualTo(
            "200 {\"status\":\"ok\",\"files_cleaned\":0,\"older_than_hours\":2,\"dry_run\":false}");
    assertThat(
            runtime.answer(
                runtime
                    .admin(AT + "maintenance/cleanup?dry_run=true")
                    .POST(ofString("{\"dry_run\": false}"))))
        .isEqualTo("400 {\"detail\":\"parameter dry_run is given twice; give it once\"}");
    assertThat(runtime.answer(runtime.admin(AT + "maintenance/compact").POST(ofString("later"))))
        .startsWith("400 {\"detail\":\"the body is not JSON");
  }

  @Test
  void saysWhatCannotBeAskedFor() throws Exception {
    assertThat(post("maintenance/cleanup?older_than_hours=0"))
        .isEqualTo("400 {\"detail\":\"older_than_hours is a whole number from 1 to 8760\"}");
    assertThat(post("maintenance/cleanup?older_than_hours=8761")).startsWith("400 ");
    assertThat(post("maintenance/cleanup?older_than_hours=week"))
        .isEqualTo("400 {\"detail\":\"older_than_hours is a whole number\"}");
    assertThat(post("maintenance/cleanup?dry_run=perhaps"))
        .isEqualTo("400 {\"detail\":\"dry_run is true or false\"}");
    assertThat(post("maintenance/expire-snapshots?older_than_days=3651"))
        .isEqualTo("400 {\"detail\":\"older_than_days is a whole number from 1 to 3650\"}");
    assertThat(post("maintenance/compact?hard=true"))
        .isEqualTo("400 {\"detail\":\"parameter hard is not known here\"}");
    assertThat(
            runtime.answer(
                runtime.admin(AT + "maintenance/compact").POST(ofString("x".repeat(100_000)))))
        .as("a body is read, or it would count for one that does not arrive")
        .startsWith("413 ");
    assertThat(runtime.answer(runtime.admin(AT + "maintenance/compact").POST(ofString("{}"))))
        .startsWith("200 ");
    assertThat(post("maintenance/polish"))
        .isEqualTo("404 {\"detail\":\"there is nothing at this path\"}");
    assertThat(runtime.answer(runtime.bearing("wrong", AT + "info")))
        .isEqualTo("401 {\"detail\":\"show the admin token as Authorization: Bearer TOKEN\"}");
    assertThat(runtime.answer(runtime.to(AT + "info"))).startsWith("401 ");
    String key = runtime.key("blog.example.com", "stats");
    assertThat(runtime.answer(runtime.bearing(key, AT + "info")))
        .isEqualTo(
            "403 {\"detail\":\"a site's key may not look after the lake; show the admin token\"}");
  }

  private String post(String path) throws Exception {
    return runtime.answer(runtime.admin(AT + path).POST(noBody()));
  }

  private String get(String path) throws Exception {
    return runtime.answer(runtime.admin(AT + path));
  }
}
