package dev.eider.runtime;

import static java.net.http.HttpRequest.BodyPublishers.noBody;
import static java.net.http.HttpRequest.BodyPublishers.ofString;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.config.EngineSettings;
import dev.eider.runtime.web.WebSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code /v1/analytics} on a real lake. */
final class MaintenanceApiTest {

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String TIME = "\"20[-0-9]+T[0-9:.]+Z\"";

  @TempDir private Path folder;
  private Runtime runtime;

  @BeforeEach
  void start() throws IOException {
    Path sites = Files.createDirectory(folder.resolve("sites"));
    Files.writeString(
        sites.resolve("blog.yaml"),
        """
        apiVersion: eider.dev/v1alpha1
        kind: AnalyticsSite
        metadata: {name: blog}
        spec:
          domains: [blog.example.com]
          runtime: {}
        """);
    runtime =
        Runtime.start(
            new RuntimeOptions(
                sites,
                folder.resolve("data"),
                Path.of("target/extensions"),
                WebSettings.onLoopback(0),
                Optional.of("token"),
                Optional.empty(),
                Optional.empty(),
                EngineSettings.DEFAULT,
                UnaryOperator.identity()));
  }

  @AfterEach
  void stop() {
    runtime.close();
  }

  @Test
  void looksAfterTheLakeInTheWordsOfTheFlightRecorder() throws Exception {
    send();
    send();
    assertThat(post("rollup?delete_after_rollup=true").replaceAll(TIME, "TIME"))
        .isEqualTo(
            "200 {\"status\":\"ok\",\"result\":{\"segments_processed\":1,\"logs_inserted\":2,\"segments_deleted\":1,"
                + "\"errors\":[],\"timestamp\":TIME}}");
    send();
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
    assertThat(
            answer(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + runtime.port() + "/admin/status"))
                    .header("Authorization", "Bearer token")))
        .contains("\"health\":{\"level\":\"ok\",\"checks\":[{\"name\":\"files\",\"level\":\"ok\",")
        .containsPattern("\"as_of_horizon\":" + TIME);
    assertThat(
            answer(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + runtime.port() + "/metrics"))
                    .header("Authorization", "Bearer token")))
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
    assertThat(post("maintenance/polish"))
        .isEqualTo("404 {\"detail\":\"there is nothing at this path\"}");
    assertThat(answer(request("info").header("Authorization", "Bearer wrong").GET()))
        .isEqualTo("401 {\"detail\":\"show the admin token as Authorization: Bearer TOKEN\"}");
    assertThat(answer(request("info").GET())).startsWith("401 ");
    String key = Files.readString(folder.resolve("data/state/keys/blog.example.com/stats")).strip();
    assertThat(answer(request("info").header("Authorization", "Bearer " + key).GET()))
        .isEqualTo(
            "403 {\"detail\":\"a site's key may not look after the lake; show the admin token\"}");
  }

  private void send() throws Exception {
    HttpResponse<String> response =
        HTTP.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + runtime.port() + "/api/event"))
                .header("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
                .POST(
                    ofString(
                        """
                        {"n":"pageview","u":"https://blog.example.com/","d":"blog.example.com"}\
                        """))
                .build(),
            BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(202);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + runtime.port() + "/v1/analytics/" + path));
  }

  private String post(String path) throws Exception {
    return answer(request(path).header("Authorization", "Bearer token").POST(noBody()));
  }

  private String get(String path) throws Exception {
    return answer(request(path).header("Authorization", "Bearer token").GET());
  }

  private static String answer(HttpRequest.Builder request) throws Exception {
    HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString());
    return response.statusCode() + " " + response.body();
  }
}
