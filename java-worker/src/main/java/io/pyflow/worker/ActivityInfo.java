package io.pyflow.worker;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is known of the task that an activity runs for.
 *
 * @param domain the domain
 * @param taskList the task list it was polled from
 * @param taskToken SWF's handle of the task; anyone who has it can answer the task
 * @param activityId its id, unique among the open activities of the run
 * @param name name of the activity type
 * @param version version of the activity type
 * @param workflowId id of the workflow execution
 * @param runId id of the run
 * @param attempt counted from 1, if the decider says it
 * @param headers what came with the input, such as {@code traceparent}
 * @param lastHeartbeat the details of the timed-out attempt's last heartbeat, to resume from
 * @param startedEventId id of the event ActivityTaskStarted in the history
 */
public record ActivityInfo(
    String domain,
    String taskList,
    String taskToken,
    String activityId,
    String name,
    String version,
    String workflowId,
    String runId,
    OptionalInt attempt,
    Map<String, Object> headers,
    Optional<Object> lastHeartbeat,
    long startedEventId) {

  /** Says which activity of which run, without the task token. */
  @Override
  public String toString() {
    return "%s (%s %s) of workflow %s, run %s"
        .formatted(activityId, name, version, workflowId, runId);
  }
}
