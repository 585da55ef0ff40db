package io.pyflow.worker.internal;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.slf4j.MDC;

/** Makes threads that say in a thread dump what they are for. */
final class Threads {
  private Threads() {}

  static ThreadFactory named(String name, boolean daemon) {
    return factory(Thread::new, name, daemon);
  }

  private static ThreadFactory factory(
      BiFunction<Runnable, String, Thread> maker, String name, boolean daemon) {
    AtomicInteger count = new AtomicInteger();
    return action -> {
      Thread thread = maker.apply(unlabelled(action), name + "-" + count.incrementAndGet());
      thread.setDaemon(daemon);
      return thread;
    };
  }

  /** The thread that makes another may be a task's, whose ids are not for the new thread's log. */
  private static Runnable unlabelled(Runnable action) {
    return () -> {
      MDC.clear();
      action.run();
    };
  }

  /** Threads that poll and run activities; their number is bounded by the slots. */
  static ExecutorService workers() {
    return Executors.newCachedThreadPool(factory(WorkerThread::new, "pyflow-activity", true));
  }

  /** A virtual thread for each activity. */
  static ExecutorService virtual() {
    try { // found by reflection, so that the same jar runs on Java 17
      return (ExecutorService)
          Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(
          "virtual threads need Java 21, this is Java " + Runtime.version().feature(), e);
    }
  }
}
