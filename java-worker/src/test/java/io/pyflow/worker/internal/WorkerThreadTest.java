package io.pyflow.worker.internal;

import static java.lang.Thread.currentThread;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkerThreadTest {
  private final List<Boolean> seen = new ArrayList<>();

  private void interrupt() {
    currentThread().interrupt();
    seen.add(currentThread().isInterrupted());
  }

  private boolean look() {
    return seen.add(currentThread().isInterrupted());
  }

  @Test
  void noInterruptReachesAPollNorOneFromBefore() throws Exception {
    WorkerThread thread =
        new WorkerThread(
            () -> {
              interrupt();
              WorkerThread.undisturbed(this::look);
              WorkerThread.undisturbed(
                  () -> {
                    interrupt();
                    return null;
                  });
              interrupt();
            },
            "worker");
    thread.start();
    thread.join();
    assertThat(seen).containsExactly(true, false, false, true);
  }
}
