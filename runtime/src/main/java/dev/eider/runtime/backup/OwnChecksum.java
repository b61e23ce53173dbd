package dev.eider.runtime.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A JSON object's checksum of itself: the SHA-256, in hexadecimal digits, of the same object
 * without that field, compact, in UTF-8.
 *
 * @param field its name
 */
public record OwnChecksum(String field) {

  private static final ObjectWriter COMPACT = JsonMapper.builder().build().writer();

  /** Adds it, as the last field. */
  public ObjectNode addTo(ObjectNode bare) throws JsonProcessingException {
    return bare.put(field, of(bare));
  }

  /**
   * Takes it off, and looks whether it is right. Objects of before there were such checksums have
   * none.
   *
   * @return whether the object is as it was written
   */
  public boolean takeFrom(ObjectNode whole) throws JsonProcessingException {
    JsonNode written = whole.remove(field);
    return written == null || written.asText().equals(of(whole));
  }

  private static String of(ObjectNode bare) throws JsonProcessingException {
    return Copied.checksum(COMPACT.writeValueAsBytes(bare));
  }
}
