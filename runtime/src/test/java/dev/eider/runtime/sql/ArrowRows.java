package dev.eider.runtime.sql;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * Arrow's stream, read with Arrow's own reader.
 *
 * @param columns their names and Arrow's types
 * @param rows in their order, values as Arrow says them
 * @param batches how many there were
 */
public record ArrowRows(List<String> columns, List<String> rows, int batches) {

  /** Reads one; it must be a stream with its end and nothing behind. */
  public static ArrowRows in(byte[] stream) throws IOException {
    ByteArrayInputStream bytes = new ByteArrayInputStream(stream);
    List<String> rows = new ArrayList<>();
    List<String> columns;
    int batches = 0;
    try (RootAllocator allocator = new RootAllocator();
        ArrowStreamReader reader = new ArrowStreamReader(bytes, allocator)) {
      VectorSchemaRoot root = reader.getVectorSchemaRoot();
      columns = root.getSchema().getFields().stream().map(ArrowRows::named).toList();
      while (reader.loadNextBatch()) {
        batches++;
        for (int row = 0; row < root.getRowCount(); row++) {
          int at = row;
          rows.add(
              root.getFieldVectors().stream()
                  .map(vector -> shown(vector, at))
                  .collect(Collectors.joining(" | ")));
        }
      }
    }
    if (bytes.available() > 0 || !HexFormat.of().formatHex(stream).endsWith("ffffffff00000000")) {
      throw new AssertionError("the stream does not end as one does");
    }
    return new ArrowRows(columns, rows, batches);
  }

  private static String named(Field field) {
    String type = field.getName() + " " + field.getType();
    return field.getChildren().isEmpty()
        ? type
        : type + field.getChildren().stream().map(ArrowRows::named).toList();
  }

  private static String shown(FieldVector vector, int row) {
    return switch (vector) {
      case FieldVector none when none.isNull(row) -> "null";
      // Java has no such numbers, and Arrow's own answer to that is a negative one.
      case UInt1Vector small -> String.valueOf(small.getObjectNoOverflow(row));
      case UInt2Vector small -> String.valueOf((int) small.get(row));
      case UInt4Vector large -> String.valueOf(large.getObjectNoOverflow(row));
      case UInt8Vector large -> String.valueOf(large.getObjectNoOverflow(row));
      case VarBinaryVector bytes -> HexFormat.of().formatHex(bytes.get(row));
      default -> String.valueOf(vector.getObject(row));
    };
  }
}
