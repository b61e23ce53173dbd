package dev.eider.runtime.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** An entry as a line of JSON. */
final class AuditJson {

  static final Charset CHARSET = StandardCharsets.UTF_8;

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .build();

  private AuditJson() {}

  /** With the end of the line. */
  static byte[] line(AuditEntry entry) {
    try {
      return (MAPPER.writeValueAsString(entry) + "\n").getBytes(CHARSET);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an entry is JSON", e);
    }
  }

  /** Empty where a line is none. */
  static Optional<AuditEntry> read(String line) {
    try {
      return Optional.ofNullable(MAPPER.readValue(line, AuditEntry.class));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }
}
