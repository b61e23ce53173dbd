package dev.eider.runtime.sql;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Field;
import org.duckdb.DuckDBDriver;
import org.duckdb.DuckDBResultSet;

/**
 * Writes rows to a file as Arrow's IPC stream, batch after batch: DuckDB's vectors are handed over
 * as they are, and all native memory is let go before the file is sent to anybody.
 *
 * <p>Arrow's classes are loaded with this one, so by whoever asks for Arrow first.
 */
final class ArrowStream {

  /**
   * Rows of a batch: those of DuckDB's own vectors, so that one more copy of these is in memory.
   */
  private static final long BATCH = 2048;

  private final long memory;
  private final SqlCancel cancel;

  /**
   * For one question.
   *
   * @param memory bytes that a batch may take, and DuckDB where rows come from a file
   * @param cancel looked at before each batch
   */
  ArrowStream(long memory, SqlCancel cancel) {
    this.memory = memory;
    this.cancel = cancel;
  }

  /** A DuckDB of its own, which hands rows over as they are asked for. */
  static Connection streaming(long memory) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("memory_limit", memory + "B");
    properties.setProperty("threads", "1");
    // Nothing that is done with it needs to spill, and it has no folder for that.
    properties.setProperty("temp_directory", "");
    properties.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true");
    return DriverManager.getConnection("jdbc:duckdb:", properties);
  }

  /** Writes all of a result, which should be of a connection that streams. */
  void whole(ResultSet rows, Path file) throws SQLException {
    write(rows, file, true, true);
  }

  /**
   * Writes the rows of a Parquet file as a part of a stream: files follow one another.
   *
   * @param first whether it is the first part, which has the schema
   * @param last whether it is the last part, which has the end
   */
  void part(Path parquet, Path file, boolean first, boolean last) throws SQLException {
    try (Connection duckdb = streaming(memory);
        Statement statement = duckdb.createStatement();
        ResultSet rows =
            statement.executeQuery("FROM read_parquet(" + Sandbox.text(parquet.toString()) + ")")) {
      write(rows, file, first, last);
    }
  }

  private void write(ResultSet rows, Path file, boolean first, boolean last) throws SQLException {
    // No limit of its own: Arrow forgets a batch that it has no room for, and never frees it.
    try (BufferAllocator allocator = new RootAllocator();
        ArrowReader reader =
            (ArrowReader) rows.unwrap(DuckDBResultSet.class).arrowExportStream(allocator, BATCH);
        WriteChannel out =
            new WriteChannel(
                FileChannel.open(
                    file,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE))) {
      VectorSchemaRoot root = reader.getVectorSchemaRoot();
      refuseDictionaries(root.getSchema().getFields());
      if (first) {
        MessageSerializer.serialize(out, root.getSchema());
      }
      VectorUnloader unloader = new VectorUnloader(root);
      while (!cancel.isCancelled() && reader.loadNextBatch()) {
        if (allocator.getAllocatedMemory() > memory) {
          throw new SQLException("out of memory: " + BATCH + " rows are too many at once");
        }
        try (ArrowRecordBatch batch = unloader.getRecordBatch()) {
          MessageSerializer.serialize(out, batch);
        }
      }
      if (cancel.isCancelled()) {
        throw new SQLException("stopped while rows were written");
      }
      if (last) {
        ArrowStreamWriter.writeEndOfStream(out, IpcOption.DEFAULT);
      }
    } catch (IOException e) {
      throw new SQLException("rows could not be written as Arrow: " + e.getMessage(), e);
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      throw new SQLException(
          "a column has a type that is not written as Arrow (%s); CAST it to VARCHAR"
              .formatted(e.getMessage()),
          e);
    }
  }

  /** Their values would have to come before the rows, and may change from batch to batch. */
  private static void refuseDictionaries(List<Field> fields) throws SQLException {
    for (Field field : fields) {
      if (field.getDictionary() != null) {
        throw new SQLException(
            "%s is an ENUM, which is not written as Arrow; CAST it to VARCHAR"
                .formatted(field.getName()));
      }
      refuseDictionaries(field.getChildren());
    }
  }
}
