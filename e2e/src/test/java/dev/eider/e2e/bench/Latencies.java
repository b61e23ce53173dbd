package dev.eider.e2e.bench;

import java.util.Arrays;

/** Times of requests, exact, in microseconds. */
final class Latencies {

  private int[] micros = new int[1 << 16];
  private int size;

  void add(long nanos) {
    if (size == micros.length) {
      micros = Arrays.copyOf(micros, size * 2);
    }
    micros[size++] = (int) Math.min(nanos / 1000, Integer.MAX_VALUE);
  }

  void addAll(Latencies other) {
    for (int i = 0; i < other.size; i++) {
      add(other.micros[i] * 1000L);
    }
  }

  /** The time that this share of requests did not exceed, in ms. */
  double millis(double share) {
    if (size == 0) {
      return 0;
    }
    int[] sorted = Arrays.copyOf(micros, size);
    Arrays.sort(sorted);
    return sorted[Math.min(size - 1, (int) Math.ceil(size * share) - 1)] / 1000.0;
  }
}
