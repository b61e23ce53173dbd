package dev.eider.runtime.collect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Our own batches: a JSON array of events, or one event a line (NDJSON).
 *
 * <p>Each event stands for itself. An array that is broken somewhere is refused whole, since nobody
 * knows what its rest was meant to be; a broken line is one line.
 */
public final class EventsAdapter {

  /** Longest body in bytes, unpacked. */
  public static final int MAX_BODY = 10_000_000;

  /** Most events of a batch. */
  public static final int MOST_EVENTS = 10_000;

  private EventsAdapter() {}

  /** Reads a body: an array if it begins with a bracket, else lines. */
  public static Adapted post(byte[] body) {
    int first = afterByteOrderMark(body);
    while (first < body.length && body[first] >= 0 && body[first] <= ' ') {
      first++;
    }
    if (first == body.length) {
      return Rejection.invalid("request", "is empty: send an array of events, or one event a line");
    }
    try {
      List<Batch.Item> items = body[first] == '[' ? array(body) : lines(body);
      return items.isEmpty()
          ? Rejection.invalid("request", "has no event in it")
          : new Batch(items);
    } catch (RejectedException e) {
      return e.rejection();
    } catch (IOException e) {
      return SenderJson.rejection(e);
    }
  }

  /** Some programs begin files with a mark, which Jackson passes over. */
  private static int afterByteOrderMark(byte[] body) {
    boolean marked =
        body.length >= 3
            && body[0] == (byte) 0xef
            && body[1] == (byte) 0xbb
            && body[2] == (byte) 0xbf;
    return marked ? 3 : 0;
  }

  private static List<Batch.Item> array(byte[] body) throws IOException, RejectedException {
    List<Batch.Item> items = new ArrayList<>();
    try (JsonParser parser = SenderJson.FACTORY.createParser(body)) {
      parser.nextToken();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        requireRoom(items);
        items.add(item(parser));
      }
      if (parser.nextToken() != null) {
        throw new RejectedException(
            SenderJson.notJson("something follows the JSON array in the body"));
      }
    }
    return items;
  }

  private static List<Batch.Item> lines(byte[] body) throws RejectedException {
    List<Batch.Item> items = new ArrayList<>();
    int from = 0;
    while (from < body.length) {
      int to = from;
      boolean blank = true;
      while (to < body.length && body[to] != '\n') {
        blank &= body[to] >= 0 && body[to] <= ' ';
        to++;
      }
      if (!blank) {
        requireRoom(items);
        items.add(line(body, from, to - from));
      }
      from = to + 1;
    }
    return items;
  }

  private static Batch.Item line(byte[] body, int from, int length) {
    try (JsonParser parser = SenderJson.FACTORY.createParser(body, from, length)) {
      parser.nextToken();
      Batch.Item item = item(parser);
      return parser.nextToken() == null
          ? item
          : SenderJson.notJson("something follows the JSON object in the line");
    } catch (IOException e) {
      return SenderJson.rejection(e);
    }
  }

  /** Reads the value that the parser is at the start of, to its end, whatever is wrong with it. */
  private static Batch.Item item(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return Rejection.invalid("event", "is not a JSON object");
    }
    JsonStreamContext outside = parser.getParsingContext().getParent();
    EventItem item = new EventItem();
    try {
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String field = parser.currentName();
        parser.nextToken();
        item.read(field, parser);
      }
      return item.draft();
    } catch (RejectedException e) {
      while (parser.getParsingContext() != outside) {
        parser.nextToken();
      }
      return e.rejection();
    }
  }

  private static void requireRoom(List<Batch.Item> items) throws RejectedException {
    if (items.size() == MOST_EVENTS) {
      throw new RejectedException(
          Rejection.of(
              413,
              "too_large",
              "request",
              "the batch has more than %d events, the most that are taken at once"
                  .formatted(MOST_EVENTS)));
    }
  }
}
