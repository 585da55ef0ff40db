package io.pyflow.worker.internal;

import org.slf4j.MDC;

/**
 * The ids of a task in the log lines of a thread, the activity's own among them, as long as this is
 * open.
 */
final class TaskLabels implements AutoCloseable {
  private static final TaskLabels OPEN = new TaskLabels();

  private TaskLabels() {}

  static TaskLabels of(ActivityTask task, String taskList) {
    MDC.put("workflow_id", task.workflowId());
    MDC.put("run_id", task.runId());
    MDC.put("activity_id", task.activityId());
    MDC.put("activity", task.name());
    MDC.put("version", task.version());
    MDC.put("task_list", taskList);
    return OPEN;
  }

  /** The thread is the worker's: whatever stands there was the task's. */
  @Override
  public void close() {
    MDC.clear();
  }
}
