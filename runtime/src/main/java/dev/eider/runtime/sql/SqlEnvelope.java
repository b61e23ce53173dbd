package dev.eider.runtime.sql;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eider.runtime.lake.UnreadableFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;

/** What is around the rows of an answer in JSON. */
final class SqlEnvelope {

  private static final ObjectMapper JSON = new ObjectMapper();

  private SqlEnvelope() {}

  /**
   * Puts it around rows.
   *
   * @param answer its file gets written
   * @param rows a file with one object a line
   */
  static void around(Path rows, SqlAnswer answer) {
    try (JsonGenerator json = JSON.createGenerator(answer.file().toFile(), JsonEncoding.UTF8);
        BufferedReader lines = Files.newBufferedReader(rows)) {
      json.writeStartObject();
      json.writeArrayFieldStart("results");
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        json.writeRawValue(line);
      }
      json.writeEndArray();
      json.writeNumberField("count", answer.rows());
      json.writeArrayFieldStart("columns");
      for (SqlAnswer.Column column : answer.columns()) {
        json.writeStartObject();
        json.writeStringField("name", column.name());
        json.writeStringField("type", column.type());
        json.writeEndObject();
      }
      json.writeEndArray();
      meta(json, answer);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("an answer could not be written", e);
    }
  }

  private static void meta(JsonGenerator json, SqlAnswer answer) throws IOException {
    json.writeObjectFieldStart("meta");
    json.writeBooleanField("truncated", answer.truncated());
    json.writeNumberField("limit", answer.limit());
    json.writeStringField("time_zone", answer.zone().getId());
    json.writeStringField("as_of", answer.asOf().truncatedTo(ChronoUnit.MILLIS).toString());
    json.writeNumberField("elapsed_ms", answer.millis());
    if (!answer.missing().isEmpty()) {
      json.writeStringField("warning", answer.warning());
      json.writeArrayFieldStart("unreadable");
      for (UnreadableFile file : answer.missing()) {
        json.writeStartObject();
        json.writeStringField("from", file.firstDate().toString());
        json.writeStringField("to", file.lastDate().toString());
        json.writeNumberField("rows", file.rows());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }
}
