package dev.eider.runtime.erasure;

import dev.eider.runtime.backup.BackupException;
import dev.eider.runtime.backup.BackupPlace;
import dev.eider.runtime.state.StateDirectory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The keys that the ledger's hashes are made with: that of this data directory, and those of others
 * whose erasures came to it. They are beside the backups too, sealed, so that the ledger there is
 * understood where the data directory is not.
 */
final class LedgerKeys {

  /** Only what a key is called, so that no other file is written or looked for by its name. */
  private static final Pattern NAME = Pattern.compile("[0-9a-f]{16}");

  private static final String OWN = "key";
  private static final String ENDING = ".key";

  private final StateDirectory state;

  LedgerKeys(StateDirectory state) {
    this.state = state;
  }

  /** The one for new erasures, which is made where there is none yet. */
  LedgerKey own() throws IOException {
    return LedgerKey.of(state.readOrMake(OWN, LedgerKey::random));
  }

  /** The one of that name, if it is known here. */
  Optional<LedgerKey> named(String name) throws IOException {
    Optional<byte[]> own = state.read(OWN);
    if (own.isPresent()) {
      LedgerKey key = LedgerKey.of(own.get());
      if (key.name().equals(name)) {
        return Optional.of(key);
      }
    }
    Optional<byte[]> other =
        NAME.matcher(name).matches() ? state.read(file(name)) : Optional.empty();
    return other.isEmpty() ? Optional.empty() : Optional.of(LedgerKey.of(other.get()));
  }

  /** Takes those keys over that are not known here and that a seal opens. */
  void bring(Set<String> names, List<BackupPlace> sealed) throws IOException {
    for (String name : names) {
      if (!NAME.matcher(name).matches() || named(name).isPresent()) {
        continue;
      }
      for (BackupPlace place : sealed) {
        String file = beside(name, place);
        if (place.list(Ledger.FOLDER).containsKey(file)) {
          take(name, file, place);
          break;
        }
      }
    }
  }

  private void take(String name, String file, BackupPlace place) throws IOException {
    byte[] secret;
    try (InputStream in = place.read(file)) {
      secret = in.readAllBytes();
    }
    if (!LedgerKey.of(secret).name().equals(name)) {
      throw new BackupException(
          "%s of %s is not the key that it is called after".formatted(file, place.name()));
    }
    state.write(file(name), secret);
  }

  /** Seals keys, and this directory's own, where they are not beside the backups yet. */
  void carry(Set<String> names, BackupPlace seal) throws IOException {
    Set<String> there = seal.list(Ledger.FOLDER).keySet();
    Set<String> all = new HashSet<>(names);
    all.add(own().name());
    for (String name : all) {
      Optional<LedgerKey> key = named(name);
      String file = beside(name, seal);
      if (key.isPresent() && !there.contains(file)) {
        byte[] secret = key.get().secret();
        seal.write(file, secret.length, new ByteArrayInputStream(secret));
      }
    }
  }

  /** A key lies there once for each seal, as two sites or a new seal may want it. */
  private static String beside(String name, BackupPlace seal) {
    return "%s/%s.%s%s".formatted(Ledger.FOLDER, name, seal.keyName().orElseThrow(), ENDING);
  }

  private static String file(String name) {
    return name + ENDING;
  }
}
