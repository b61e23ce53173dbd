package dev.eider.runtime.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AuditLogTest {

  private static final AuditEntry MAY =
      entry("2026-05-31T23:59:59.999Z", "blog.example.com", "erase");
  private static final AuditEntry JUNE = entry("2026-06-01T00:00:00Z", "", "backup");
  private static final AuditEntry LATER =
      entry("2026-06-02T08:30:00Z", "shop.example.com", "export");

  @TempDir private Path data;
  private AuditLog log;

  @BeforeEach
  void open() throws IOException {
    log = AuditLog.open(data, Disk.real());
  }

  @Test
  void whatWasWrittenIsThereTheNewestFirst() throws Exception {
    List.of(MAY, JUNE, LATER).forEach(log::add);

    assertThat(AuditLog.open(data, Disk.real()).entries(entry -> true, Instant.EPOCH))
        .containsExactly(LATER, JUNE, MAY);
    assertThat(log.entries(entry -> true, JUNE.at())).containsExactly(LATER, JUNE);
    assertThat(log.entries(entry -> entry.siteId().equals("blog.example.com"), Instant.EPOCH))
        .containsExactly(MAY);
    assertThat(file("2026-05"))
        .hasContent(
            "{\"at\":\"2026-05-31T23:59:59.999Z\",\"who\":\"admin\",\"action\":\"erase\","
                + "\"site_id\":\"blog.example.com\",\"request_id\":\"run-1\","
                + "\"outcome\":\"done\",\"detail\":\"a \\\"sentence\\\"\"}\n");
  }

  @Test
  void whatIsOldGoesAndNothingElse() throws Exception {
    List.of(MAY, JUNE, LATER).forEach(log::add);

    assertThat(log.remove(entry -> entry.at().isBefore(LATER.at()))).isEqualTo(2);
    assertThat(file("2026-05")).doesNotExist();
    assertThat(log.entries(entry -> true, Instant.EPOCH)).containsExactly(LATER);
    assertThat(log.remove(entry -> entry.at().isBefore(LATER.at()))).isZero();
    log.add(JUNE);
    assertThat(log.entries(entry -> true, Instant.EPOCH)).containsExactlyInAnyOrder(LATER, JUNE);
  }

  @Test
  void halfOfALineIsLeftOutAndSpoilsNoOther() throws Exception {
    log.add(JUNE);
    Files.writeString(file("2026-06"), "{\"at\":\"2026-06-01T0", StandardOpenOption.APPEND);
    log.add(LATER);

    assertThat(log.entries(entry -> true, Instant.EPOCH)).containsExactly(LATER, JUNE);
    assertThat(log.remove(entry -> entry.equals(JUNE))).isEqualTo(1);
    assertThat(log.entries(entry -> true, Instant.EPOCH)).containsExactly(LATER);
  }

  @Test
  void whatCannotBeWrittenIsCounted() throws Exception {
    Files.createDirectory(file("2026-06"));
    log.add(JUNE);

    assertThat(log.lost()).isEqualTo(1);
  }

  @Test
  void manyWriteAtOnce() throws Exception {
    List<AuditEntry> all =
        IntStream.range(0, 200)
            .mapToObj(i -> entry("2026-06-02T08:30:00Z", "site-" + i, "export"))
            .toList();
    all.parallelStream().forEach(log::add);

    assertThat(log.entries(entry -> true, Instant.EPOCH)).containsExactlyInAnyOrderElementsOf(all);
  }

  private Path file(String month) {
    return data.resolve("state/audit/" + month + ".ndjson");
  }

  private static AuditEntry entry(String at, String siteId, String action) {
    return new AuditEntry(
        Instant.parse(at), AuditEntry.ADMIN, action, siteId, "run-1", "done", "a \"sentence\"");
  }
}
