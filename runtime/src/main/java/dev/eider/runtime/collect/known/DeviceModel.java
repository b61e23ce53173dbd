package dev.eider.runtime.collect.known;

/**
 * Where an Android user agent says which device it is: {@code SM-S918B} in {@code (Linux; Android
 * 14; SM-S918B Build/UP1A; wv)}. Chrome says {@code K} for all of them since version 110.
 *
 * @param from the first character's index, or -1 where there is none
 * @param to behind its last character
 */
record DeviceModel(int from, int to) {

  private static final DeviceModel ABSENT = new DeviceModel(-1, -1);
  private static final String ANDROID = "Android";

  boolean isAbsent() {
    return from < 0;
  }

  String in(String userAgent) {
    return isAbsent() ? "" : userAgent.substring(from, to);
  }

  static DeviceModel find(String userAgent) {
    int android = userAgent.indexOf(ANDROID);
    int at = android < 0 ? -1 : userAgent.indexOf(';', android);
    while (at >= 0) {
      int from = at + 1;
      while (from < userAgent.length() && userAgent.charAt(from) == ' ') {
        from++;
      }
      int end = end(userAgent, from);
      int build = userAgent.indexOf(" Build", from);
      int to = build >= from && build < end ? build : end;
      if (isModel(userAgent, from, to)) {
        return new DeviceModel(from, to);
      }
      at = end < userAgent.length() && userAgent.charAt(end) == ';' ? end : -1;
    }
    return ABSENT;
  }

  /** The semicolon or closing parenthesis behind; {@code moto g(30)} has its own pair. */
  private static int end(String userAgent, int from) {
    int depth = 0;
    for (int i = from; i < userAgent.length(); i++) {
      char c = userAgent.charAt(i);
      if (c == '(') {
        depth++;
      } else if (c == ';' || c == ')' && depth-- == 0) {
        return i;
      }
    }
    return userAgent.length();
  }

  /** Languages, kinds of screens and the like stand at the same place. */
  private static boolean isModel(String userAgent, int from, int to) {
    int length = to - from;
    if (length < 1 || length > 60) {
      return false;
    }
    char first = userAgent.charAt(from);
    if (length == 1) {
      return first != 'K' && first != 'U';
    }
    boolean language =
        Character.isLowerCase(first)
            && Character.isLowerCase(userAgent.charAt(from + 1))
            && (length == 2
                || length <= 7
                    && (userAgent.charAt(from + 2) == '-' || userAgent.charAt(from + 2) == '_'));
    return !language
        && !is("Mobile", userAgent, from, length)
        && !is("Tablet", userAgent, from, length)
        && !is("Linux", userAgent, from, length)
        && !is("TV", userAgent, from, length)
        && !is("Microsoft", userAgent, from, length)
        && !userAgent.startsWith("rv:", from)
        && !userAgent.startsWith("Android", from)
        && !userAgent.startsWith("compatible", from);
  }

  private static boolean is(String word, String userAgent, int from, int length) {
    return length == word.length() && userAgent.startsWith(word, from);
  }
}
