package dev.eider.runtime.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.command.Eider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people see of an archive. */
class ArchiveCommandTest {

  private static final LocalDate DAY = LocalDate.parse("2026-05-04");

  @TempDir private Path temporary;

  @Test
  void itIsListedAndAsked() throws Exception {
    try (ArchivedLake at = new ArchivedLake(temporary, Instant.parse("2026-06-01T03:30:00Z"))) {
      at.accept(DAY, 30);
      at.accept(DAY.plusDays(1), 20);
      at.retain(DAY.plusDays(2));
      String to = "--archive-to=" + at.folder;
      Eider.Run list = Eider.run("archive", "list", to);
      assertThat(list.code()).isZero();
      assertThat(list.out())
          .matches(
              "site_a_1780284600[.]parquet  2026-05-04 to 2026-05-05  50 rows  [0-9,]+ bytes "
                  + " written 2026-06-01T03:30:00Z\n");

      Eider.Run asked =
          Eider.run(
              "query",
              "--archive",
              to,
              "--param=day=2026-05-04",
              "SELECT date, count(*) AS n, sum(revenue_amount) AS revenue FROM counted_events WHERE"
                  + " date > $day GROUP BY 1");
      assertThat(asked.err()).isEmpty();
      assertThat(asked.out()).isEqualTo("date,n,revenue\n2026-05-05,20,87.50\n");

      Eider.Run sessions = Eider.run("sql", "--archive", to, "SELECT count(*) FROM sessions");
      assertThat(sessions.code()).isEqualTo(1);
      assertThat(sessions.err()).contains("an archive has events, and no sessions");
      Eider.Run writing = Eider.run("sql", "--archive", to, "COPY events TO '/tmp/x'");
      assertThat(writing.code()).isEqualTo(1);

      Path file = at.files(".parquet").getFirst();
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length - 10] ^= 1;
      Files.write(file, bytes);
      Eider.Run altered = Eider.run("sql", "--archive", to, "SELECT count(*) FROM events");
      assertThat(altered.code()).isEqualTo(1);
      assertThat(altered.out()).isEmpty();
      assertThat(altered.err()).contains("is not what was written");

      Path manifest = at.files(".json").getFirst();
      Files.writeString(manifest, Files.readString(manifest).substring(10));
      for (String[] asking :
          new String[][] {
            {"sql", "--archive", to, "SELECT count(*) FROM events"},
            {"sql", "--archive", to, "--site=a", "SELECT count(*) FROM events"}
          }) {
        Eider.Run without = Eider.run(asking);
        assertThat(without.code()).isEqualTo(1);
        assertThat(without.out()).isEmpty();
        assertThat(without.err())
            .contains(manifest.getFileName().toString())
            .contains("Nothing is answered without what it tells of");
      }
      Eider.Run ofAnother = Eider.run("archive", "list", "--site=b", to);
      assertThat(ofAnother.out())
          .isEqualTo(
              "nothing of a site with the id 'b' is archived there; of these there is: none\n");
    }
    Eider.Run nothing =
        Eider.run("archive", "list", "--archive-to=" + temporary.resolve("nowhere"));
    assertThat(nothing.out()).isEqualTo("nothing is archived there\n");
  }
}
