package dev.eider.runtime.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eider.runtime.archive.ArchiveManifest;
import dev.eider.runtime.archive.Archives;
import dev.eider.runtime.lake.ArchivedExcerpt;
import dev.eider.runtime.lake.LakeException;
import dev.eider.runtime.sql.AdHocSql;
import dev.eider.runtime.sql.InvalidSql;
import dev.eider.runtime.sql.ScratchFolder;
import dev.eider.runtime.sql.SqlAnswer;
import dev.eider.runtime.sql.SqlCancel;
import dev.eider.runtime.sql.SqlFormat;
import dev.eider.runtime.sql.SqlLimits;
import dev.eider.runtime.sql.SqlRequest;
import dev.eider.runtime.sql.SqlScope;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Asks an archive, with no runtime: its files are fetched, compared with their checksums and read
 * here, in the same sandbox as a runtime's statements.
 */
final class ArchiveSql {

  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final long MEMORY = 512L << 20;

  private final Path scratch;

  /**
   * @param scratch where files are fetched to
   */
  ArchiveSql(Path scratch) {
    this.scratch = scratch;
  }

  /**
   * What is asked.
   *
   * @param sites whose rows; empty: all
   * @param first files that end before that day are not fetched
   * @param last files that begin after that day are not
   */
  record Question(
      String query,
      Map<String, JsonNode> params,
      String format,
      int limit,
      List<String> sites,
      LocalDate first,
      LocalDate last) {}

  /** Writes the answer; tells whether there are more rows. */
  boolean ask(Archives archives, Question question, OutputStream out) throws IOException {
    try (ScratchFolder folder = ScratchFolder.in(scratch)) {
      SqlLimits limits = new SqlLimits(LONGEST, MEMORY, 2, 8 * MEMORY, folder.path());
      SqlRequest request =
          new SqlRequest(
              question.query(),
              question.params(),
              SqlFormat.of(question.format())
                  .orElseThrow(
                      () -> new CommandFailedException("--format is one of " + SqlFormat.names())),
              question.limit());
      ArchivedExcerpt rows = fetch(archives, question, folder.path());
      try (SqlAnswer answer =
          new AdHocSql(limits)
              .answer(
                  request,
                  within -> rows,
                  new SqlScope(ZoneOffset.UTC, relation -> relation),
                  new SqlCancel())) {
        answer.writeTo(out);
        return answer.truncated();
      }
    } catch (InvalidSql | LakeException e) {
      throw new CommandFailedException(String.valueOf(e.getMessage()), e);
    }
  }

  private static ArchivedExcerpt fetch(Archives archives, Question question, Path folder)
      throws IOException {
    List<Archives.Found> found = new ArrayList<>();
    for (String site : question.sites().isEmpty() ? List.of("") : question.sites()) {
      found.add(archives.find(site));
    }
    Optional<String> damaged = found.stream().flatMap(each -> each.damaged().stream()).findFirst();
    if (damaged.isPresent()) {
      // Nobody knows of which days it is.
      throw new CommandFailedException(
          damaged.get() + ". Nothing is answered without what it tells of");
    }
    List<ArchiveManifest> wanted =
        found.stream()
            .flatMap(each -> each.whole().stream())
            .filter(manifest -> !manifest.last().isBefore(question.first()))
            .filter(manifest -> !manifest.first().isAfter(question.last()))
            .toList();
    if (wanted.isEmpty()) {
      throw new CommandFailedException(
          "%s has no rows of these days and sites; eider archive list shows what it has"
              .formatted(archives.where()));
    }
    List<Path> files = new ArrayList<>();
    for (ArchiveManifest manifest : wanted) {
      Path file = folder.resolve(manifest.name() + ".parquet");
      archives.fetch(manifest, file);
      files.add(file);
    }
    return new ArchivedExcerpt(
        files,
        wanted.stream()
            .map(ArchiveManifest::madeAt)
            .max(Comparator.naturalOrder())
            .orElse(Instant.EPOCH));
  }
}
