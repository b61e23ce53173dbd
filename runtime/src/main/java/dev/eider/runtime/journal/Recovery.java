package dev.eider.runtime.journal;

import java.nio.file.Path;
import java.util.List;

/**
 * What was found when a journal was opened.
 *
 * @param segments segments with records that were kept
 * @param records readable records in them
 * @param cutBytes length of the torn tail that was cut from the newest segment: what a crash left
 *     half written, so none of it had been accepted
 * @param quarantined what could not be read and was copied aside
 * @param gaps numbers that are missing between kept records; those that are not in the lake either
 *     are lost
 */
public record Recovery(
    int segments, long records, long cutBytes, List<Quarantined> quarantined, List<Gap> gaps) {

  public Recovery {
    quarantined = List.copyOf(quarantined);
    gaps = List.copyOf(gaps);
  }

  /**
   * Something unreadable in the middle of the journal.
   *
   * @param segment the segment it was in
   * @param offset where in it, in bytes
   * @param length how much, in bytes
   * @param reason what is wrong with it
   * @param copy the file it was copied to
   */
  public record Quarantined(Path segment, long offset, long length, String reason, Path copy) {}

  /** Missing numbers, both inclusive. */
  public record Gap(long fromSeq, long toSeq) {}

  /** Whether nothing was wrong. */
  public boolean clean() {
    return cutBytes == 0 && quarantined.isEmpty();
  }
}
