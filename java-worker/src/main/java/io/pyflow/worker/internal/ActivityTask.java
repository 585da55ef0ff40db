package io.pyflow.worker.internal;

import java.util.Optional;

/** An activity task as SWF hands it out; the input is still encoded. */
public record ActivityTask(
    String taskToken,
    String activityId,
    String name,
    String version,
    String workflowId,
    String runId,
    long startedEventId,
    Optional<String> input) {

  /** Says which activity of which run, without the task token. */
  @Override
  public String toString() {
    return "%s (%s %s) of workflow %s, run %s"
        .formatted(activityId, name, version, workflowId, runId);
  }
}
