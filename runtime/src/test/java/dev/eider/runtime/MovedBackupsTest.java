package dev.eider.runtime;

import static dev.eider.runtime.ARuntime.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eider.runtime.command.Eider;
import dev.eider.runtime.config.BackupSettings;
import dev.eider.runtime.lake.ByteSearch;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups that go elsewhere than before, and who was erased since. */
final class MovedBackupsTest {

  private static final String SUBJECT =
      "{\"sites\": [\"blog.example.com\"], \"from\": \"2020-01-01\", \"to\": \"2100-01-01\", \"filter\": {\"page\": \"/secret\"}}";

  @TempDir private Path folder;

  @Test
  void whatLiesInTheFormerPlaceIsToldAndDoesNotComeBack() throws Exception {
    ARuntime.declare(folder, ARuntime.BLOG);
    Path former = Files.createDirectory(folder.resolve("former"));
    Path present = Files.createDirectory(folder.resolve("present"));
    Path key = Files.write(folder.resolve("key"), new byte[32]);
    String id;
    try (ARuntime runtime = open(former, key)) {
      runtime.view("/open");
      runtime.view("/secret");
      id = runtime.done("backup", "first").path("id").asText();
    }
    try (ARuntime runtime = open(present, key)) {
      runtime.done("backup", "second");
      JsonNode receipt =
          json(
              runtime.send(
                  runtime
                      .admin("/api/v1/erase?id=req-1")
                      .method("DELETE", BodyPublishers.ofString(SUBJECT))));
      assertThat(receipt.path("events").asInt()).as("%s", receipt).isEqualTo(1);
      assertThat(receipt.path("not_searched"))
          .isEqualTo(new ObjectMapper().createArrayNode().add(former.toString()));
    }
    assertThat(ByteSearch.holding(present, "/secret")).isEmpty();
    assertThat(ByteSearch.holding(former, "/secret")).isNotEmpty();

    // The volume is lost, and the older backup is the one that is chosen.
    Files.move(folder.resolve("data"), folder.resolve("lost"), StandardCopyOption.ATOMIC_MOVE);
    Eider.Run restored =
        Eider.run(
            "restore",
            "--from=" + former,
            "--backup-id=" + id,
            "--data=" + folder.resolve("data"),
            "--extensions=" + ARuntime.EXTENSIONS.toAbsolutePath(),
            "--yes");
    assertThat(restored.code()).as(restored.out() + restored.err()).isZero();
    try (ARuntime runtime = open(present, key)) {
      assertThat(runtime.row("SELECT string_agg(pathname) FROM events")).isEqualTo("/open");
    }
    assertThat(ByteSearch.holding(folder.resolve("data"), "/secret")).isEmpty();
    try (ARuntime runtime = open(present, key)) {
      assertThat(runtime.get("/admin/jobs")).as("once").doesNotContain("restored-");
    }
  }

  @Test
  void rowsThatNoSiteHereCouldShowAreNotRestored() throws Exception {
    ARuntime.declare(folder, ARuntime.BLOG);
    Path backups = Files.createDirectory(folder.resolve("backups"));
    try (ARuntime runtime = open(backups, Files.write(folder.resolve("key"), new byte[32]))) {
      runtime.view("/open");
      runtime.done("backup", "first");
    }
    Path other = Files.createDirectory(folder.resolve("other"));
    Path sites = ARuntime.declare(other, ARuntime.BLOG.replace("blog", "shop"));
    String[] restore = {
      "restore",
      "--if-empty",
      "--from=" + backups,
      "--data=" + other.resolve("data"),
      "--sites=" + sites,
      "--extensions=" + ARuntime.EXTENSIONS.toAbsolutePath()
    };
    Eider.Run refused = Eider.run(restore);
    assertThat(refused.code()).as("the Job does not try again").isEqualTo(4);
    assertThat(refused.err())
        .contains(
            " has rows of blog.example.com, and here is only shop.example.com: a site that is to go"
                + " on with them has spec.siteId: blog.example.com. Nothing was restored");
    ARuntime.declare(
        other,
        ARuntime.BLOG
            .replace("blog", "shop")
            .replace("spec:\n", "spec:\n  siteId: blog.example.com\n"));
    assertThat(Eider.run(restore).code()).isZero();
    try (ARuntime runtime = ARuntime.in(other)) {
      assertThat(runtime.row("SELECT string_agg(pathname) FROM events")).isEqualTo("/open");
    }
  }

  private ARuntime open(Path backups, Path key) throws Exception {
    return ARuntime.in(
        folder,
        asked ->
            asked.withBackup(
                new BackupSettings(
                    Optional.of(new BackupSettings.Folder(backups)),
                    14,
                    35,
                    BackupSettings.Verify.CHECKSUM,
                    Optional.of(key))));
  }
}
