package io.pyflow.worker.internal;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes threads that say in a thread dump what they are for. */
final class Threads {
  private Threads() {}

  static ThreadFactory named(String name, boolean daemon) {
    AtomicInteger count = new AtomicInteger();
    return action -> {
      Thread thread = new Thread(action, name + "-" + count.incrementAndGet());
      thread.setDaemon(daemon);
      return thread;
    };
  }
}
