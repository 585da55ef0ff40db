package io.pyflow.worker.internal;

import java.util.function.Supplier;

/**
 * A thread that polls and runs activities. Whatever an activity left behind may interrupt it, but
 * not in a poll: the answer to an interrupted poll would be thrown away with the task it carries.
 */
final class WorkerThread extends Thread {
  private final Object lock = new Object();
  private boolean polling;

  WorkerThread(Runnable action, String name) {
    super(action, name);
  }

  /** Calls something in this thread, which no interrupt reaches meanwhile, nor one from before. */
  static <T> T undisturbed(Supplier<T> call) {
    if (!(currentThread() instanceof WorkerThread thread)) {
      return call.get();
    }
    thread.polls(true);
    try {
      return call.get();
    } finally {
      thread.polls(false);
    }
  }

  private void polls(boolean now) {
    synchronized (lock) {
      polling = now;
      interrupted();
    }
  }

  @Override
  public void interrupt() {
    synchronized (lock) {
      if (!polling) {
        super.interrupt();
      }
    }
  }
}
