package dev.eider.runtime.erasure;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.eider.runtime.archive.ArchiveErasure;
import dev.eider.runtime.lake.EraseReport;
import java.util.List;

/**
 * What there is of an erasure before any of it goes. Nothing personal.
 *
 * @param dryRun whether that is all that is done
 * @param events rows of events in the lake
 * @param sessions their sessions
 * @param partitions sites' days that hold some of it
 * @param filesRewritten files of the lake that hold some of it
 * @param bytesRewritten size of these
 * @param archivesRewritten files of the archive that hold some of it
 * @param archivedEvents rows that these hold
 * @param lakesAside lakes that a restore had set aside, each of which is looked into
 * @param backups backups, each of which is looked into
 * @param sites what it is of each site, in the lake
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ErasureCount(
    boolean dryRun,
    long events,
    long sessions,
    long partitions,
    long filesRewritten,
    long bytesRewritten,
    long archivesRewritten,
    long archivedEvents,
    long lakesAside,
    long backups,
    List<EraseReport.Site> sites) {

  public ErasureCount {
    sites = List.copyOf(sites);
  }

  static ErasureCount of(
      boolean dryRun, EraseReport lake, ArchiveErasure.Done archive, long aside, long backups) {
    return new ErasureCount(
        dryRun,
        lake.events(),
        lake.sessions(),
        lake.partitions(),
        lake.filesRewritten(),
        lake.bytesRewritten(),
        archive.files(),
        archive.rows(),
        aside,
        backups,
        lake.sites());
  }
}
