package dev.eider.runtime.collect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A request to Matomo's {@code matomo.php}: one action in the query string or a form, or many of
 * them in JSON.
 *
 * @param bulk whether it came as {@code {"requests": […]}}, which is answered with JSON
 * @param image whether a picture is wanted for an answer
 * @param token {@code token_auth}, or empty; here it is a site's ingest key
 * @param adapted what it tells; a {@link Batch} of nothing where it asks not to be recorded
 * @see <a href="https://developer.matomo.org/api-reference/tracking-api">Matomo: Tracking HTTP
 *     API</a>
 */
public record MatomoRequest(boolean bulk, boolean image, String token, Adapted adapted) {

  /** Longest body in bytes. */
  public static final int MAX_BODY = 10_000_000;

  /** Most actions of a bulk request. */
  public static final int MOST_ACTIONS = 10_000;

  /**
   * Reads it.
   *
   * @param query the raw query string
   * @param body a form or JSON; empty for a GET
   * @param referer the header of that name, which is the page's address where none is sent
   */
  public static MatomoRequest read(String query, byte[] body, String referer) {
    Map<String, String> fields = FormFields.of(query);
    if (isObject(body)) {
      return bulk(fields, body);
    }
    FormFields.addTo(fields, new String(body, StandardCharsets.UTF_8));
    boolean image = !fields.getOrDefault("send_image", "1").equals("0");
    String token = fields.getOrDefault("token_auth", "");
    if (!isRecorded(fields)) {
      return new MatomoRequest(false, image, token, new Batch(List.of()));
    }
    fields.putIfAbsent("url", referer);
    try {
      return new MatomoRequest(false, image, token, MatomoAdapter.draft(fields));
    } catch (RejectedException e) {
      return new MatomoRequest(false, image, token, e.rejection());
    }
  }

  private static MatomoRequest bulk(Map<String, String> query, byte[] body) {
    String token = query.getOrDefault("token_auth", "");
    List<Batch.Item> items = new ArrayList<>();
    boolean any = false;
    try (JsonParser parser = SenderJson.FACTORY.createParser(body)) {
      parser.nextToken();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String field = parser.currentName();
        JsonToken value = parser.nextToken();
        if (field.equals("requests") && value == JsonToken.START_ARRAY) {
          any = true;
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (items.size() == MOST_ACTIONS) {
              return refused(token, 413, "too_large", "are more than " + MOST_ACTIONS);
            }
            Map<String, String> fields = fields(parser);
            if (token.isEmpty()) {
              token = fields.getOrDefault("token_auth", "");
            }
            items.add(item(fields));
          }
        } else if (field.equals("token_auth") && value == JsonToken.VALUE_STRING) {
          token = parser.getText();
        } else {
          parser.skipChildren();
        }
      }
    } catch (IOException e) {
      return new MatomoRequest(true, false, "", SenderJson.rejection(e));
    }
    return any
        ? new MatomoRequest(true, false, token, new Batch(items))
        : refused(token, 400, "invalid", "are required: send an array");
  }

  private static MatomoRequest refused(String token, int status, String reason, String why) {
    return new MatomoRequest(true, false, token, Rejection.of(status, reason, "requests", why));
  }

  private static Batch.Item item(Map<String, String> fields) {
    if (!isRecorded(fields)) {
      return Rejection.invalid("rec", "is not 1, so this is not recorded");
    }
    try {
      return MatomoAdapter.draft(fields);
    } catch (RejectedException e) {
      return e.rejection();
    }
  }

  /** A query string, or an object of names and values; nothing of anything else. */
  private static Map<String, String> fields(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_STRING -> {
        String text = parser.getText();
        yield FormFields.of(text.substring(text.indexOf('?') + 1));
      }
      case START_OBJECT -> SenderJson.texts(parser);
      default -> {
        parser.skipChildren();
        yield Map.of();
      }
    };
  }

  private static boolean isRecorded(Map<String, String> fields) {
    return fields.getOrDefault("rec", "").equals("1");
  }

  private static boolean isObject(byte[] body) {
    for (byte each : body) {
      if (each > ' ') {
        return each == '{';
      }
    }
    return false;
  }
}
