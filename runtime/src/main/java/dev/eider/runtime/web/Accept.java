package dev.eider.runtime.web;

import io.helidon.http.HeaderNames;
import io.helidon.http.HttpMediaType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What kinds of answers a request would take: its {@code Accept} (RFC 9110, 12.5.1). */
final class Accept {

  private Accept() {}

  /**
   * The kind that is wanted most: by quality, then in the order in which the request names them.
   * Empty when it names none of these, would take anything before, or cannot be read.
   *
   * @param kinds those that there are, the usual ones first
   * @param mediaType a kind's type, with or without parameters
   */
  static <T> Optional<T> best(Exchange exchange, List<T> kinds, Function<T, String> mediaType) {
    for (HttpMediaType wanted : wanted(exchange.allOf(HeaderNames.ACCEPT.defaultCase()))) {
      if (wanted.type().equals("*")) {
        return Optional.empty();
      }
      for (T kind : kinds) {
        if (wanted.test(HttpMediaType.create(mediaType.apply(kind)).mediaType())) {
          return Optional.of(kind);
        }
      }
    }
    return Optional.empty();
  }

  private static List<HttpMediaType> wanted(String header) {
    List<HttpMediaType> all = new ArrayList<>();
    for (String range : header.split(",", -1)) {
      try {
        HttpMediaType type = HttpMediaType.create(range.strip());
        if (type.qualityFactor() > 0) {
          all.add(type);
        }
      } catch (RuntimeException e) {
        // What cannot be read is nobody's wish.
      }
    }
    all.sort(Comparator.comparingDouble(HttpMediaType::qualityFactor).reversed());
    return all;
  }
}
