package dev.eider.runtime.backup;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import java.util.List;

/**
 * What a backup did.
 *
 * @param id the backup's name
 * @param madeAt when it was begun; it has every event accepted before
 * @param snapshot the lake's version
 * @param destination where it is
 * @param sites how many
 * @param rows events in it
 * @param files all that it needs
 * @param bytes their size
 * @param filesCopied those that earlier backups had not brought there
 * @param bytesCopied their size
 * @param verified how it was looked at: none, checksum or restore
 * @param removed ids of backups that were too old
 * @param damaged backups that cannot be read, and why
 * @param millis how long all of it took
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record BackupReport(
    String id,
    Instant madeAt,
    long snapshot,
    String destination,
    int sites,
    long rows,
    int files,
    long bytes,
    int filesCopied,
    long bytesCopied,
    String verified,
    List<String> removed,
    List<String> damaged,
    long millis) {}
