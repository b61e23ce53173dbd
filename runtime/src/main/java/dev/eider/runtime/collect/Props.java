package dev.eider.runtime.collect;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.Map;

/** Custom properties on their way into the JSON object of texts that an event keeps. */
final class Props {

  /** How many an event keeps; the rest is left out. */
  static final int MOST = 30;

  static final int KEY_BYTES = 300;
  static final int VALUE_BYTES = 2000;

  private Props() {}

  /** As Plausible has it: a key or value that is too long is an error, a blank one is left out. */
  static String checked(Map<String, String> props, Problems problems) {
    if (props.isEmpty()) {
      return "";
    }
    Writer json = new Writer();
    for (Map.Entry<String, String> each : props.entrySet()) {
      String key = Text.clean(each.getKey());
      String value = Text.clean(each.getValue());
      if (key.isEmpty() || value.isEmpty() || json.taken == MOST) {
        continue;
      }
      if (Text.isLonger(key, KEY_BYTES)) {
        problems.add("props", "a key is longer than %d bytes".formatted(KEY_BYTES));
      } else if (Text.isLonger(value, VALUE_BYTES)) {
        problems.add(
            "props",
            "the value of '%s' is longer than %d bytes".formatted(Text.cut(key, 40), VALUE_BYTES));
      }
      json.put(key, value);
    }
    return json.end();
  }

  /** As most protocols have it: what is too long is cut. */
  static String cut(Map<String, String> props) {
    if (props.isEmpty()) {
      return "";
    }
    Writer json = new Writer();
    for (Map.Entry<String, String> each : props.entrySet()) {
      String key = Text.cutToBytes(Text.clean(each.getKey()), KEY_BYTES);
      String value = Text.cutToBytes(Text.clean(each.getValue()), VALUE_BYTES);
      if (!key.isEmpty() && !value.isEmpty() && json.taken < MOST) {
        json.put(key, value);
      }
    }
    return json.end();
  }

  private static final class Writer {

    private final StringBuilder json = new StringBuilder(64).append('{');
    private int taken;

    void put(String key, String value) {
      json.append(taken == 0 ? "\"" : ",\"");
      JsonStringEncoder.getInstance().quoteAsString(key, json);
      json.append("\":\"");
      JsonStringEncoder.getInstance().quoteAsString(value, json);
      json.append('"');
      taken++;
    }

    String end() {
      return taken == 0 ? "" : json.append('}').toString();
    }
  }
}
