package dev.eider.runtime.backup;

import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * A place whose files are encrypted by a person's own key, as {@link Sealed} says, under their
 * names with {@code .enc} behind. Names and sizes can be seen there, and nothing else.
 *
 * <p>What was brought before there was a key can still be read, and is brought again; it goes with
 * the last backup of then.
 */
final class EncryptedPlace implements BackupPlace {

  static final String ENDING = ".enc";

  private final BackupPlace inner;
  private final BackupKey key;

  EncryptedPlace(BackupPlace inner, BackupKey key) {
    this.inner = inner;
    this.key = key;
  }

  @Override
  public String name() {
    return inner.name();
  }

  @Override
  public Optional<String> keyName() {
    return Optional.of(HexFormat.of().formatHex(key.name()));
  }

  /** What is not encrypted has no size that anything could have. */
  @Override
  public Map<String, Long> list(String folder) throws IOException {
    Map<String, Long> found = new TreeMap<>();
    inner
        .list(folder)
        .forEach(
            (name, bytes) -> {
              if (name.endsWith(ENDING)) {
                found.put(
                    name.substring(0, name.length() - ENDING.length()), Sealed.plainBytes(bytes));
              } else {
                found.putIfAbsent(name, -1L);
              }
            });
    return found;
  }

  @Override
  public OptionalLong freeBytes() throws IOException {
    return inner.freeBytes();
  }

  @Override
  public InputStream read(String name) throws IOException {
    String folder = name.contains("/") ? name.substring(0, name.lastIndexOf('/')) : "";
    return inner.list(folder).containsKey(name + ENDING)
        ? Sealed.open(inner.read(name + ENDING), name, key)
        : inner.read(name);
  }

  @Override
  public void write(String name, long bytes, InputStream content) throws IOException {
    inner.write(name + ENDING, Sealed.sealedBytes(bytes), Sealed.seal(content, name, key));
  }

  @Override
  public void delete(String name) throws IOException {
    inner.delete(name + ENDING);
    inner.delete(name);
  }

  /** What was brought in clear goes with the last backup that was made in clear. */
  @Override
  public void tidy() throws IOException {
    inner.tidy();
    if (inner.list("backups").keySet().stream().allMatch(name -> name.endsWith(ENDING))) {
      for (String name : inner.list(BackupMaker.DATA).keySet()) {
        if (!name.endsWith(ENDING)) {
          inner.delete(name);
        }
      }
    }
  }

  @Override
  public long forgetVersions() throws IOException {
    return inner.forgetVersions();
  }

  @Override
  public void close() {
    inner.close();
  }
}
