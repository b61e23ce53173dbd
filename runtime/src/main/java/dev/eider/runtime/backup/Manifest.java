package dev.eider.runtime.backup;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.eider.runtime.lake.SiteSums;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;

/**
 * What a backup consists of, {@code backups/<id>/manifest.json}. Written last, so a backup is whole
 * or none. Behind what is described here it has its own checksum, {@code sha256}: that of the same
 * JSON without it, compact, in UTF-8.
 *
 * @param format of this file; {@link #FORMAT}
 * @param id its name, which begins with the time it was begun
 * @param madeAt when it was begun; every event accepted before is in it
 * @param schemaVersion of the lake's tables
 * @param snapshot the lake's version
 * @param sites what it has of each site
 * @param own what is kept for this backup alone, below its own folder
 * @param data files that it shares with other backups, below {@code data}
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Manifest(
    int format,
    String id,
    Instant madeAt,
    int schemaVersion,
    long snapshot,
    List<Site> sites,
    List<File> own,
    List<File> data) {

  /** What this release writes. Others add fields; what breaks readers gets another number. */
  static final int FORMAT = 1;

  /** The name of the catalog among {@link #own}. */
  static final String CATALOG = "catalog.ducklake";

  /** What the names of state are below, among {@link #own}. */
  static final String STATE = "state/";

  private static final OwnChecksum CHECKSUM = new OwnChecksum("sha256");

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  /**
   * A file.
   *
   * @param path its name
   * @param siteId whose rows; empty for what is not kept by site
   * @param rows how many; 0 in files that are not Parquet
   * @param bytes its size
   * @param sha256 in hexadecimal digits
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record File(String path, String siteId, long rows, long bytes, String sha256) {}

  /** {@link SiteSums}, as text where numbers are longer than JSON's readers take. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Site(String siteId, long rows, String ids, String revenue) {

    static Site of(SiteSums sums) {
      return new Site(
          sums.siteId(), sums.rows(), sums.ids().toString(), sums.revenue().toPlainString());
    }

    SiteSums sums() {
      return new SiteSums(siteId, rows, new BigInteger(ids), new BigDecimal(revenue));
    }
  }

  public Manifest {
    sites = List.copyOf(sites);
    own = List.copyOf(own);
    data = List.copyOf(data);
  }

  /** Rows of all sites. */
  public long rows() {
    return sites.stream().mapToLong(Site::rows).sum();
  }

  /** Bytes of all files. */
  public long bytes() {
    return own.stream().mapToLong(File::bytes).sum() + data.stream().mapToLong(File::bytes).sum();
  }

  /** The folder of a backup. */
  static String folder(String id) {
    return "backups/" + id;
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
   * @throws BackupException when it is damaged, or of a later release
   */
  static Manifest read(String where, byte[] json) throws BackupException {
    try {
      JsonNode tree = JSON.readTree(json);
      int format = tree.path("format").asInt(0);
      if (format > FORMAT) {
        throw new BackupException(
            "%s has format %d, and this release reads formats up to %d: restore it by the release that made it, or a later one"
                .formatted(where, format, FORMAT));
      }
      if (format < 1) {
        throw new BackupException(where + " is not a backup's manifest");
      }
      if (!CHECKSUM.takeFrom((ObjectNode) tree)) {
        throw new BackupException(where + " is damaged: it has another checksum than was written");
      }
      return JSON.treeToValue(tree, Manifest.class);
    } catch (BackupException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new BackupException(
          "%s is damaged and cannot be read: %s".formatted(where, firstLine(e)), e);
    }
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
