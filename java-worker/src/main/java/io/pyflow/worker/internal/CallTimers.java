package io.pyflow.worker.internal;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The timers of the SDK's calls, in one thread for the process.
 *
 * <p>Those that the SDK would make keep a call's timer for as long as the call might have taken:
 * twenty seconds of answers, which grow old, and with them the heap.
 */
final class CallTimers {
  private static final long IDLE_SECONDS = 60;

  private CallTimers() {}

  static ScheduledExecutorService shared() {
    return Holder.SHARED;
  }

  private static final class Holder {
    private static final Timers SHARED = create();

    private static Timers create() {
      Timers timers = new Timers(1, "pyflow-call-timer");
      timers.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
      timers.allowCoreThreadTimeOut(true);
      return timers;
    }
  }
}
