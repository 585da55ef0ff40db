package io.pyflow.worker.internal;

/**
 * Room for so many activities at a time. A slot is taken before a poll: no task ever waits here.
 */
final class Slots {
  private int free;
  private boolean closed;

  Slots(int size) {
    free = size;
  }

  /** Waits for a slot; false once there is nothing more to poll for. */
  synchronized boolean take() throws InterruptedException {
    while (free == 0 && !closed) {
      wait();
    }
    if (closed) {
      return false;
    }
    free--;
    return true;
  }

  synchronized void release() {
    free++;
    notifyAll();
  }

  synchronized void close() {
    closed = true;
    notifyAll();
  }
}
