package dev.eider.operator.site;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A map that forgets what was not used for longest.
 *
 * @param <K> of keys
 * @param <V> of values
 */
final class Remembered<K, V> extends LinkedHashMap<K, V> {

  private static final long serialVersionUID = 1L;

  private final int most;

  private Remembered(int most) {
    super(16, 0.75f, true);
    this.most = most;
  }

  /** An empty one for {@code most} entries, safe to be shared by threads. */
  static <K, V> Map<K, V> atMost(int most) {
    return Collections.synchronizedMap(new Remembered<>(most));
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
    return size() > most;
  }
}
