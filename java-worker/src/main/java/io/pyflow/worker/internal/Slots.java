package io.pyflow.worker.internal;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Room for so many activities at a time. A slot is taken before a poll: no task ever waits here.
 * Pollers do, and no thread with them.
 */
final class Slots {
  private final Runnable left;
  private final Deque<Poller> waiting = new ArrayDeque<>();
  private int free;
  private boolean closed;

  /** So many; whoever counts pollers hears of each that has nothing more to poll for. */
  Slots(int size, Runnable left) {
    this.free = size;
    this.left = left;
  }

  /** Takes a slot for a poller; if none is free, the poller waits for {@link #release}. */
  synchronized boolean take(Poller poller) {
    if (closed) {
      left.run();
    } else if (free == 0) {
      waiting.add(poller);
    } else {
      free--;
      return true;
    }
    return false;
  }

  /** Gives a slot back; the poller that waited for it has it now. */
  synchronized @Nullable Poller release() {
    Poller next = waiting.poll();
    if (next == null) {
      free++;
    }
    return next;
  }

  /** Takes the slot of a poller away again; the poller waits. */
  synchronized void putBack(Poller poller) {
    free++;
    if (closed) {
      left.run();
    } else {
      waiting.add(poller);
    }
  }

  /** The poller, which keeps its slot, unless there is nothing more to poll for. */
  synchronized @Nullable Poller keep(Poller poller) {
    if (!closed) {
      return poller;
    }
    free++;
    left.run();
    return null;
  }

  /** There is nothing more to poll for. */
  synchronized void close() {
    closed = true;
    for (; !waiting.isEmpty(); waiting.remove()) {
      left.run();
    }
  }

  synchronized boolean isClosed() {
    return closed;
  }
}
