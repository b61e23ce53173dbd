package dev.eider.runtime.collect;

import java.util.LinkedHashMap;
import java.util.Map;

/** A query string or a form's body. */
final class FormFields {

  /** More names than any protocol has; the rest is passed over. */
  private static final int MOST = 300;

  private FormFields() {}

  /** Names and values, decoded; the first value of each name. */
  static Map<String, String> of(String text) {
    Map<String, String> fields = new LinkedHashMap<>();
    addTo(fields, text);
    return fields;
  }

  /** Adds what is not there yet. */
  static void addTo(Map<String, String> fields, String text) {
    int from = 0;
    while (from < text.length() && fields.size() < MOST) {
      int to = text.indexOf('&', from);
      if (to < 0) {
        to = text.length();
      }
      int equals = text.indexOf('=', from);
      if (equals > from && equals < to) {
        fields.putIfAbsent(
            PageUrl.decode(text.substring(from, equals), true),
            PageUrl.decode(text.substring(equals + 1, to), true));
      }
      from = to + 1;
    }
  }
}
