package dev.eider.runtime.access;

import java.util.Optional;

/** What an Authorization header shows. */
public final class Bearer {

  private static final String SCHEME = "bearer ";

  private Bearer() {}

  /** The token of {@code Bearer TOKEN}; empty for anything else. */
  public static Optional<String> token(String header) {
    if (header.length() <= SCHEME.length()
        || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return Optional.empty();
    }
    String token = header.substring(SCHEME.length()).strip();
    return token.isEmpty() ? Optional.empty() : Optional.of(token);
  }
}
