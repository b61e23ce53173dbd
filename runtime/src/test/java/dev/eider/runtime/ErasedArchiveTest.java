package dev.eider.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.archive.ArchiveErasure;
import dev.eider.runtime.archive.FromArchive;
import dev.eider.runtime.config.BackupSettings;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.lake.ErasureSubject;
import dev.eider.runtime.lake.Lake;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Days that come back from an archive from which somebody was erased meanwhile. */
class ErasedArchiveTest {

  private static final LocalDate KEEP_FROM = SameAnswerTest.FIRST.plusDays(2);

  @TempDir private Path data;

  @Test
  void theirSumsAreThoseOfTheRowsThatAreLeft() throws Exception {
    try (Lake lake = RolledAnswersTest.open(data, 1)) {
      lake.accept(SameAnswerTest.numbered(1, events()));
      lake.flush();
      lake.compact(step -> {});
      lake.retain(RolledAnswersTest.archiving(attic(), KEEP_FROM), step -> {});
      ErasureSubject person =
          new ErasureSubject(
              List.of(new ErasureSubject.Site(SameAnswerTest.SITE, OptionalInt.empty())),
              Set.of("3@" + SameAnswerTest.FIRST),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Map.of());
      ArchiveErasure.Done done =
          new ArchiveErasure(attic(), data.resolve("tmp/way"), Disk.real(), Instant::now)
              .run(
                  List.of(SameAnswerTest.SITE),
                  (file, site) -> Optional.of(person),
                  lake::erasedElsewhere,
                  step -> {});
      assertThat(done.rows()).isPositive();

      new FromArchive(attic(), data.resolve("tmp/archive"), Disk.real())
          .run(
              lake,
              SameAnswerTest.SITE,
              LocalDate.MIN,
              LocalDate.MAX,
              Instant.EPOCH,
              true,
              step -> {});
      assertThat(lake.checkRollups(step -> {}).differences()).isEmpty();
      assertThat(
              RolledAnswersTest.results(
                  RolledAnswersTest.answers(lake, RolledAnswersTest.OF_DAYS, true)))
          .isEqualTo(RolledAnswersTest.answers(lake, RolledAnswersTest.OF_DAYS, false));
    }
  }

  /** None of a visit that goes over the edge of what comes back, where it stays cut. */
  private static List<Event> events() {
    Instant edge = KEEP_FROM.atStartOfDay(SameAnswerTest.ZONE).toInstant();
    return SameAnswerTest.events(new Random(9)).stream()
        .filter(
            event ->
                Duration.between(edge, event.timestamp()).abs().compareTo(Duration.ofHours(1)) > 0)
        .toList();
  }

  private BackupSettings.Destination attic() {
    return new BackupSettings.Folder(data.resolve("attic"));
  }
}
