package dev.eider.runtime.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.lake.UnreadableFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqlEnvelopeTest {

  @TempDir private Path parent;

  /** In words, and for a program that must not go on. */
  @Test
  void rowsThatAreMissingAreSaid() throws Exception {
    ScratchFolder folder = ScratchFolder.in(parent);
    Path rows = Files.writeString(folder.path().resolve("rows"), "{\"n\":1}\n");
    UnreadableFile lost =
        new UnreadableFile(
            "events",
            "lake/data/main/events/x.parquet",
            7,
            100,
            "blog",
            "blog",
            LocalDate.parse("2026-05-04"),
            LocalDate.parse("2026-05-05"),
            "it is empty",
            "2026-05-06T00:00:00Z",
            "lake/unreadable/events/x.parquet",
            "");
    SqlAnswer answer =
        new SqlAnswer(
            SqlFormat.JSON,
            folder,
            folder.path().resolve("answer.json"),
            List.of(new SqlAnswer.Column("n", "INTEGER")),
            1,
            false,
            10,
            Instant.parse("2026-05-06T00:00:00Z"),
            ZoneOffset.UTC,
            List.of(lost),
            3);
    SqlEnvelope.around(rows, answer);

    assertThat(Files.readString(answer.file()))
        .isEqualTo(
            "{\"results\":[{\"n\":1}],\"count\":1,\"columns\":[{\"name\":\"n\",\"type\":\"INTEGER\"}],"
                + "\"meta\":{\"truncated\":false,\"limit\":10,\"time_zone\":\"Z\","
                + "\"as_of\":\"2026-05-06T00:00:00Z\",\"elapsed_ms\":3,"
                + "\"warning\":\"7 rows of 2026-05-04 to 2026-05-05 cannot be read and are missing\","
                + "\"unreadable\":[{\"from\":\"2026-05-04\",\"to\":\"2026-05-05\",\"rows\":7}]}}");
  }
}
