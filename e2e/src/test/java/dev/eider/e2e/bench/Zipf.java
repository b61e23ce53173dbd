package dev.eider.e2e.bench;

import java.util.random.RandomGenerator;

/** Picks numbers from 0 on, of which the n-th is n times rarer than the first (Zipf's law). */
final class Zipf {

  private final double[] upTo;

  Zipf(int count) {
    upTo = new double[count];
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += 1.0 / (i + 1);
      upTo[i] = sum;
    }
    for (int i = 0; i < count; i++) {
      upTo[i] /= sum;
    }
  }

  int pick(RandomGenerator random) {
    double at = random.nextDouble();
    int low = 0;
    int high = upTo.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (upTo[middle] < at) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
