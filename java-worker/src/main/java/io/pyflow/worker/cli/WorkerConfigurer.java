package io.pyflow.worker.cli;

import io.pyflow.worker.ActivityWorker;

/**
 * What the command line has no option for: {@code --configure CLASS} names a public class with a
 * constructor without parameters.
 *
 * <pre>{@code
 * public class Traced implements WorkerConfigurer {
 *   public void configure(ActivityWorker.Builder worker) {
 *     worker.interceptor(new Tracing()).codec(new Kms());
 *   }
 * }
 * }</pre>
 */
@FunctionalInterface
public interface WorkerConfigurer {

  /**
   * Changes what the options made of the worker.
   *
   * @param worker about to be built
   */
  void configure(ActivityWorker.Builder worker);
}
