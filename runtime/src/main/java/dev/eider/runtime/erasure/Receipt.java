package dev.eider.runtime.erasure;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.eider.runtime.lake.EraseReport;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an erasure did. Nothing personal.
 *
 * @param id the erasure's name
 * @param acceptedUntil what was accepted until then was meant
 * @param completedAt when all of it was done
 * @param events rows of events that went
 * @param sessions sessions that went or are computed anew without what went
 * @param partitions sites' days that held some of it
 * @param filesRewritten files of the lake that held some of it
 * @param bytesRewritten size of these
 * @param sumsRewritten files of sums that held some of it
 * @param snapshotsExpired snapshots that went with the rows they held
 * @param filesDeleted files that are gone from the disk or bucket
 * @param versionsDeleted old versions of objects that are gone
 * @param journalSegments segments of the journal that went
 * @param quarantined files of the journal's quarantine that went
 * @param lakesAside lakes that a restore had set aside, from which it was erased, too
 * @param backupsRewritten backups that held some of it and were made anew
 * @param backupsDeleted backups that held some of it and were deleted
 * @param archivesRewritten files of the archive that held some of it
 * @param archivedEvents rows that went from these
 * @param snapshot the lake's version after it
 * @param sites what it is of each site
 * @param notSearched where backups or archives went earlier and no setting names any more: what
 *     lies there was not looked at
 * @param sha256 over all of the above, in hexadecimal digits
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Receipt(
    String id,
    Instant acceptedUntil,
    Instant completedAt,
    long events,
    long sessions,
    long partitions,
    long filesRewritten,
    long bytesRewritten,
    long sumsRewritten,
    long snapshotsExpired,
    long filesDeleted,
    long versionsDeleted,
    long journalSegments,
    long quarantined,
    long lakesAside,
    long backupsRewritten,
    long backupsDeleted,
    long archivesRewritten,
    long archivedEvents,
    long snapshot,
    List<EraseReport.Site> sites,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) @Nullable List<String> notSearched,
    String sha256) {

  public Receipt {
    sites = List.copyOf(sites);
    notSearched = notSearched == null ? List.of() : List.copyOf(notSearched);
  }

  /** The same with the right checksum. */
  Receipt signed() {
    Receipt bare = with("");
    return bare.with(digest(LedgerJson.write(bare)));
  }

  /** Whether it is as it was written. */
  public boolean hasItsChecksum() {
    return signed().sha256().equals(sha256);
  }

  private Receipt with(String checksum) {
    return new Receipt(
        id,
        acceptedUntil,
        completedAt,
        events,
        sessions,
        partitions,
        filesRewritten,
        bytesRewritten,
        sumsRewritten,
        snapshotsExpired,
        filesDeleted,
        versionsDeleted,
        journalSegments,
        quarantined,
        lakesAside,
        backupsRewritten,
        backupsDeleted,
        archivesRewritten,
        archivedEvents,
        snapshot,
        sites,
        notSearched,
        checksum);
  }

  private static String digest(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** As JSON. */
  @Override
  public String toString() {
    return new String(LedgerJson.write(this), StandardCharsets.UTF_8);
  }
}
