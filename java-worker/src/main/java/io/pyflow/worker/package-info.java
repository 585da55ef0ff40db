/**
 * Activity workers for Amazon SWF: {@link io.pyflow.worker.ActivityWorker} runs activities, {@link
 * io.pyflow.worker.ActivityContext} is what a running activity talks to.
 */
@NullMarked
package io.pyflow.worker;

import org.jspecify.annotations.NullMarked;
