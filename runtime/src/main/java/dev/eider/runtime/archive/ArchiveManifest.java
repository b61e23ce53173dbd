package dev.eider.runtime.archive;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.eider.runtime.backup.OwnChecksum;
import dev.eider.runtime.lake.DayRows;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/**
 * What one file of an archive holds; {@code <name>.json} beside {@code <name>.parquet}. Written
 * last, once the file was read back and found right: a file without one is none of the archive.
 * Behind what is described here it has its own checksum, {@code manifest_sha256}.
 *
 * @param format of this text; {@link #FORMAT}
 * @param siteId whose rows
 * @param name of the file, without its ending
 * @param madeAt when it was written
 * @param schemaVersion of the lake's tables then
 * @param rows how many
 * @param bytes the file's size
 * @param sha256 of its content, in hexadecimal digits
 * @param days what it has of each day
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ArchiveManifest(
    int format,
    String siteId,
    String name,
    Instant madeAt,
    int schemaVersion,
    long rows,
    long bytes,
    String sha256,
    List<Day> days) {

  /** What this release writes. Others add fields; what breaks readers gets another number. */
  static final int FORMAT = 1;

  private static final OwnChecksum CHECKSUM = new OwnChecksum("manifest_sha256");

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  /**
   * {@link DayRows}, as text where numbers are longer than JSON's readers take.
   *
   * @param late whether others of that day had been removed before these came
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Day(LocalDate date, long rows, String ids, String revenue, boolean late) {

    static Day of(DayRows rows, boolean late) {
      return new Day(
          rows.date(), rows.rows(), rows.ids().toString(), rows.revenue().toPlainString(), late);
    }

    DayRows sums() {
      return new DayRows(date, rows, new BigInteger(ids), new BigDecimal(revenue));
    }
  }

  public ArchiveManifest {
    days = List.copyOf(days);
  }

  /** Its first day. */
  public LocalDate first() {
    return days.getFirst().date();
  }

  /** Its last day. */
  public LocalDate last() {
    return days.getLast().date();
  }

  boolean has(LocalDate date) {
    return days.stream().anyMatch(day -> day.date().equals(date));
  }

  List<DayRows> sums() {
    return days.stream().map(Day::sums).toList();
  }

  byte[] json() {
    try {
      return JSON.writeValueAsBytes(CHECKSUM.addTo(JSON.valueToTree(this)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a manifest cannot be written as JSON", e);
    }
  }

  /**
   * Reads one.
   *
   * @throws ArchiveException when it is damaged, or of a later release
   */
  static ArchiveManifest read(String where, byte[] json) throws ArchiveException {
    try {
      JsonNode tree = JSON.readTree(json);
      int format = tree.path("format").asInt(0);
      if (format > FORMAT) {
        throw new ArchiveException(
            "%s has format %d, and this release reads formats up to %d: use the release that made it, or a later one"
                .formatted(where, format, FORMAT));
      }
      if (format < 1) {
        throw new ArchiveException(where + " does not tell of a file of an archive");
      }
      boolean unaltered = CHECKSUM.takeFrom((ObjectNode) tree);
      ArchiveManifest manifest = JSON.treeToValue(tree, ArchiveManifest.class);
      if (manifest == null || manifest.days().isEmpty()) {
        throw new ArchiveException(where + " does not tell of a file of an archive");
      }
      if (!unaltered
          || manifest.sums().stream().mapToLong(DayRows::rows).sum() != manifest.rows()) {
        throw new ArchiveException(
            where + " is damaged: it is not what was written. Bring a good copy of it back");
      }
      return manifest;
    } catch (ArchiveException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new ArchiveException(
          "%s is damaged and cannot be read: %s"
              .formatted(where, String.valueOf(e.getMessage()).lines().findFirst().orElse("")),
          e);
    }
  }
}
