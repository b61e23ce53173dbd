package dev.eider.runtime.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.lake.ByteSearch;
import dev.eider.runtime.lake.ErasureSubject;
import dev.eider.runtime.lake.Steps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveErasureTest {

  private static final LocalDate DAY = LocalDate.parse("2026-05-04");

  @TempDir private Path temporary;
  private final List<LocalDate> erased = new ArrayList<>();

  @Test
  void aVisitorGoesFromTheFilesThatHoldItAndNothingElseDoes() throws Exception {
    try (ArchivedLake at = new ArchivedLake(temporary, Instant.parse("2026-06-01T03:30:00Z"))) {
      at.accept(DAY, 30);
      at.retain(DAY.plusDays(1));
      at.now = at.now.plusSeconds(86400);
      at.accept(DAY.plusDays(1), 4);
      at.retain(DAY.plusDays(2));
      assertThat(at.files(".parquet")).hasSize(2);
      Path untouched = at.files(".parquet").getLast();
      at.now = at.now.plusSeconds(86400);
      String before = at.globbed();
      assertThat(erasure(at).count(List.of("a"), meant("v4"), Steps.UNOBSERVED))
          .isEqualTo(new ArchiveErasure.Done(1, 6, 0));
      assertThat(at.globbed()).isEqualTo(before);
      assertThat(erase(at, "v4")).isEqualTo(new ArchiveErasure.Done(1, 6, 0));
      assertThat(at.globbed()).isEqualTo("28 28");
      assertThat(ByteSearch.holding(at.folder, "v4")).isEmpty();
      assertThat(erased).as("days that lost rows").containsExactly(DAY);
      assertThat(at.files(".parquet")).hasSize(2).contains(untouched);
      assertThat(at.archived().get(DAY).rows()).isEqualTo(24);
      // What is left of it can be brought back.
      assertThat(at.bringBack(DAY, DAY.plusDays(1)).rows()).isEqualTo(28);
      assertThat(erase(at, "v4").files()).isZero();
    }
  }

  /** The old file and the new one are there. */
  @Test
  void oneThatWasInterruptedLeavesNoRowTwice() throws Exception {
    try (ArchivedLake at = new ArchivedLake(temporary, Instant.parse("2026-06-01T03:30:00Z"))) {
      at.accept(DAY, 30);
      at.retain(DAY.plusDays(1));
      Path old = at.files(".parquet").getFirst();
      Path manifest = at.files(".json").getFirst();
      byte[] rows = Files.readAllBytes(old);
      byte[] says = Files.readAllBytes(manifest);
      at.now = at.now.plusSeconds(60);
      erase(at, "v4");
      Files.write(old, rows);
      Files.write(manifest, says);
      erase(at, "v4");
      assertThat(at.globbed()).isEqualTo("24 24");
      assertThat(at.files(".json")).hasSize(1);
    }
  }

  @Test
  void aFileThatIsNotWhatWasWrittenStopsIt() throws Exception {
    try (ArchivedLake at = new ArchivedLake(temporary, Instant.parse("2026-06-01T03:30:00Z"))) {
      at.accept(DAY, 30);
      at.retain(DAY.plusDays(1));
      Files.write(at.files(".parquet").getFirst(), new byte[10]);
      assertThatThrownBy(() -> erase(at, "v4"))
          .isInstanceOf(ArchiveException.class)
          .hasMessageContaining("is not what was written");
    }
  }

  private ArchiveErasure.Done erase(ArchivedLake at, String visitor) throws IOException {
    return erasure(at)
        .run(List.of("a"), meant(visitor), (site, days) -> erased.addAll(days), Steps.UNOBSERVED);
  }

  private ArchiveErasure erasure(ArchivedLake at) {
    return new ArchiveErasure(
        at.destination(), temporary.resolve("way"), Disk.real(), () -> at.now);
  }

  private static ArchiveErasure.Meant meant(String visitor) {
    ErasureSubject subject =
        new ErasureSubject(
            List.of(new ErasureSubject.Site("a", OptionalInt.empty())),
            Set.of(visitor),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of());
    return (file, site) -> Optional.of(subject);
  }
}
