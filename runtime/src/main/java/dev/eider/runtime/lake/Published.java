package dev.eider.runtime.lake;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.eider.runtime.store.BucketStore;
import dev.eider.runtime.store.Store;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the lake shows to other programs after each commit: on a volume the tree of links, and
 * {@code current.json} with the version, the live files and their rows.
 *
 * <p>Neither is needed to find the lake again, so neither is forced; both are made anew at each
 * start. Guarded by the turn to change the lake.
 */
final class Published {

  private static final Logger LOG = LoggerFactory.getLogger(Published.class);
  private static final JsonFactory JSON = new JsonFactory();

  /** The tables that a flush brings files into. */
  static final List<String> FLUSHED = List.of(Schema.RECENT, Schema.MARKS);

  private final LakeLayout layout;
  private final LakeFiles files;
  private final Store store;

  /** Only a volume has links. */
  private final Optional<OpenTree> tree;

  private volatile Live live = new Live(0, Map.of(), Map.of());

  /**
   * The live files of each table at a version of the lake.
   *
   * @param events those of {@code events} by site: there may be hundreds of thousands, and each
   *     question is about one site
   */
  record Live(
      long snapshot, Map<String, List<LakeFile>> tables, Map<String, List<LakeFile>> events) {

    private static Live of(long snapshot, Map<String, List<LakeFile>> tables) {
      return new Live(
          snapshot,
          tables,
          tables.getOrDefault(Schema.EVENTS, List.of()).stream()
              .collect(Collectors.groupingBy(file -> file.partition().siteId())));
    }

    /** The files of a table. */
    List<LakeFile> of(String table) {
      return tables.getOrDefault(table, List.of());
    }

    /** The files with a site's settled events. */
    List<LakeFile> eventsOf(String siteId) {
      return events.getOrDefault(siteId, List.of());
    }
  }

  Published(LakeLayout layout, Store store, LakeFiles files) {
    this.layout = layout;
    this.store = store;
    this.files = files;
    this.tree = store instanceof BucketStore ? Optional.empty() : Optional.of(new OpenTree(layout));
  }

  /** At the start: mends what a crash or a power failure left. */
  void mend(DuckDBConnection connection, long newest) throws SQLException {
    read(connection, newest);
    try {
      if (tree.isPresent()) {
        tree.get().mend(linkable());
      }
      writeOrWarn();
    } catch (IOException e) {
      throw new LakeException(
          "the tree of open files under %s could not be made: %s".formatted(layout.open(), e), e);
    }
  }

  /**
   * Looks again, where something was committed and nobody could be told: the connection may have
   * ended right after it.
   */
  void follow(DuckDBConnection connection, long newest) throws SQLException {
    if (newest != live.snapshot()) {
      update(connection, newest);
    }
  }

  /** After a commit that touched more than {@code recent}. */
  void update(DuckDBConnection connection, long newest) throws SQLException {
    read(connection, newest);
    try {
      if (tree.isPresent()) {
        show(tree.get());
      }
      writeOrWarn();
    } catch (IOException e) {
      throw new LakeException(
          "the commit is made, but the tree of open files under %s could not follow: %s; it does at the next commit or start"
              .formatted(layout.open(), e),
          e);
    }
  }

  /** Where somebody took folders away it is made anew as a whole. */
  private void show(OpenTree links) throws IOException {
    try {
      links.show(linkable());
    } catch (IOException e) {
      LOG.warn(
          "the tree of open files is made anew, since it is not as it was left: {}", e.toString());
      links.mend(linkable());
    }
  }

  /**
   * After a flush.
   *
   * @param brought what it has brought into {@link #FLUSHED}, by the catalog
   */
  void updateRecent(DuckDBConnection connection, List<LakeFile> brought, long newest)
      throws SQLException {
    Map<String, List<LakeFile>> now = new LinkedHashMap<>(live.tables());
    if (newest == live.snapshot() + 1) {
      brought.forEach(file -> now.merge(file.table(), List.of(file), Published::both));
    } else if (newest != live.snapshot()) {
      now.keySet().removeAll(FLUSHED);
      now.putAll(files.live(connection, FLUSHED));
    }
    live = new Live(newest, now, live.events());
  }

  private static List<LakeFile> both(List<LakeFile> before, List<LakeFile> more) {
    List<LakeFile> both = new ArrayList<>(before);
    both.addAll(more);
    return both;
  }

  /** The live files of a table, as of the last commit. */
  List<LakeFile> live(String table) {
    return live.of(table);
  }

  /** All of it. */
  Live live() {
    return live;
  }

  /** Takes away now what is out of sight and kept for those who are reading it. */
  void forgetReplaced() {
    try {
      if (tree.isPresent()) {
        tree.get().forgetAllReplaced();
      }
    } catch (IOException e) {
      throw new LakeException(
          "what was shown under %s before could not be removed: %s".formatted(layout.open(), e), e);
    }
  }

  /** Where a file of {@code events} is shown in the tree of links. */
  Optional<Path> shown(LakeFile file) {
    return tree.filter(links -> !store.isMoved(file.name())).map(links -> links.path(file));
  }

  /** How many files are live. */
  long files() {
    return live.tables().values().stream().mapToLong(List::size).sum();
  }

  /** Files that lie in the bucket for older days. */
  List<LakeFile> moved() {
    return live(Schema.EVENTS).stream().filter(file -> store.isMoved(file.name())).toList();
  }

  /** A file that lies in a bucket can have no link. */
  private List<LakeFile> linkable() {
    return live(Schema.EVENTS).stream().filter(file -> !store.isMoved(file.name())).toList();
  }

  private void read(DuckDBConnection connection, long newest) throws SQLException {
    live = Live.of(newest, files.live(connection, Schema.TABLES));
  }

  private void writeOrWarn() {
    try {
      write();
    } catch (IOException e) {
      // It follows at the next commit; the commit itself is not to fail for it.
      LOG.warn("current.json could not be written: {}", e.getMessage());
    }
  }

  /** Writes current.json as of the last commit. */
  void write() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out).useDefaultPrettyPrinter()) {
      json.writeStartObject();
      json.writeNumberField("snapshot", live.snapshot());
      json.writeObjectFieldStart("tables");
      for (String table :
          List.of(Schema.EVENTS, Schema.RECENT, Schema.SESSIONS, Schema.SUPERSEDED)) {
        json.writeFieldName(table);
        write(json, table, live(table));
      }
      json.writeEndObject();
      json.writeEndObject();
    }
    store.publish("current.json", out.toByteArray());
  }

  private void write(JsonGenerator json, String table, List<LakeFile> of) throws IOException {
    json.writeStartObject();
    json.writeNumberField("rows", of.stream().mapToLong(LakeFile::rows).sum());
    json.writeNumberField("bytes", of.stream().mapToLong(LakeFile::bytes).sum());
    json.writeArrayFieldStart("files");
    for (LakeFile file : of) {
      json.writeStartObject();
      json.writeStringField("path", store.shown(file.name()));
      Optional<Path> open = table.equals(Schema.EVENTS) ? shown(file) : Optional.empty();
      if (open.isPresent()) {
        json.writeStringField("open", layout.data().relativize(open.get()).toString());
      }
      if (!file.partition().equals(LakeFile.Partition.NONE)) {
        json.writeStringField("site_id", file.partition().siteId());
        json.writeStringField("date", file.partition().date().toString());
      }
      json.writeNumberField("rows", file.rows());
      json.writeNumberField("bytes", file.bytes());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
