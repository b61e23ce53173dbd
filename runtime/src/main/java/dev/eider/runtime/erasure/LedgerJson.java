package dev.eider.runtime.erasure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;

/** How the ledger's files are written: always the same bytes for the same content. */
final class LedgerJson {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .build();

  private LedgerJson() {}

  static byte[] write(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the ledger's records are JSON", e);
    }
  }

  /**
   * Reads a file.
   *
   * @param where its name, for the message
   */
  static <T> T read(String where, byte[] json, Class<T> as) throws IOException {
    try {
      return MAPPER.readValue(json, as);
    } catch (IOException e) {
      throw new IOException(
          "%s of the ledger of erasures cannot be read; without it erased people may come back with a restore"
              .formatted(where),
          e);
    }
  }
}
