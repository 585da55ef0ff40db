package io.pyflow.worker.internal;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/** How long to wait after a request that failed: from 0.1 s, doubling to 30 s, with full jitter. */
final class Backoff {
  private static final double FIRST = 0.1;
  private static final double LONGEST = 30;

  private final DoubleSupplier random;
  private double ceiling = FIRST;

  Backoff() {
    this(() -> ThreadLocalRandom.current().nextDouble());
  }

  Backoff(DoubleSupplier random) {
    this.random = random;
  }

  Duration next() {
    double seconds = ceiling * random.getAsDouble();
    ceiling = Math.min(2 * ceiling, LONGEST);
    return Duration.ofNanos((long) (seconds * 1e9));
  }

  void reset() {
    ceiling = FIRST;
  }
}
