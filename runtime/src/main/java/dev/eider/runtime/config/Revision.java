package dev.eider.runtime.config;

import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A short name for settings: equal values have equal names, on every machine, and different ones
 * different names. Every part goes in with its length, so that no two values run into one another.
 */
final class Revision {

  private final MessageDigest digest;

  private Revision(MessageDigest digest) {
    this.digest = digest;
  }

  /**
   * Names a value.
   *
   * @param value made of records, lists, optionals, enums, numbers, texts, and of what a text says
   *     in full
   */
  static String of(Object value) {
    try {
      Revision revision = new Revision(MessageDigest.getInstance("SHA-256"));
      revision.add(value);
      return HexFormat.of().formatHex(revision.digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private void add(Object value) {
    switch (value) {
      case Record parts -> addParts(parts);
      case List<?> items -> {
        addText("list " + items.size());
        items.forEach(this::add);
      }
      case Optional<?> maybe -> add(maybe.<Object>map(List::of).orElse(List.of()));
      default -> addText(value.toString());
    }
  }

  private void addParts(Record parts) {
    // Two kinds of a thing may have the same parts.
    addText(parts.getClass().getSimpleName());
    for (RecordComponent part : parts.getClass().getRecordComponents()) {
      try {
        add(part.getAccessor().invoke(parts));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("%s cannot be read".formatted(part), e);
      }
    }
  }

  private void addText(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int shift = 24; shift >= 0; shift -= 8) {
      digest.update((byte) (bytes.length >> shift));
    }
    digest.update(bytes);
  }
}
