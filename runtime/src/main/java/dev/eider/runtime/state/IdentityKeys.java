package dev.eider.runtime.state;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A long-lived key for each site that names its visitors itself ({@code identity: Provided}): under
 * it a visitor has the same id on all days, and without it nobody can tell whose id it is. On the
 * medium before it is first used; made once, and never again as long as its file is there. Any
 * thread.
 */
public final class IdentityKeys {

  private static final int BYTES = 32;

  private final StateDirectory directory;
  private final SecureRandom random = new SecureRandom();
  private final ConcurrentHashMap<String, HmacKey> keys = new ConcurrentHashMap<>();

  /**
   * @param directory of nothing else
   */
  public IdentityKeys(StateDirectory directory) {
    this.directory = directory;
  }

  /**
   * HMAC-SHA256 of the message under the site's key, 32 bytes.
   *
   * @param siteId of a site that is known, since it becomes the name of a file
   * @throws IOException when the key cannot be read, or a new one not be made durable
   */
  public byte[] hmac(String siteId, byte[] message) throws IOException {
    @Nullable HmacKey known = keys.get(siteId);
    return (known != null ? known : readOrMake(siteId)).hmac(message);
  }

  private synchronized HmacKey readOrMake(String siteId) throws IOException {
    @Nullable HmacKey known = keys.get(siteId);
    if (known != null) {
      return known;
    }
    byte[] secret = directory.readOrMake(siteId + ".key", this::random);
    if (secret.length != BYTES) {
      throw new IOException(
          "state/identity/%s.key has %d bytes and not %d. Put it back from a backup, or delete it: visitors whom the site names then get new ids"
              .formatted(siteId, secret.length, BYTES));
    }
    HmacKey key = new HmacKey(secret);
    keys.put(siteId, key);
    return key;
  }

  private byte[] random() {
    byte[] secret = new byte[BYTES];
    random.nextBytes(secret);
    return secret;
  }
}
