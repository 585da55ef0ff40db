package io.pyflow.worker.internal;

import io.pyflow.worker.ActivityInfo;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the decider says of a task beside its input (payload.md, "Headers"); nonsense is ignored.
 */
record TaskHeaders(Map<String, Object> all) {

  /** What the activity is told of its task. */
  ActivityInfo info(ActivityTask task, String domain, String taskList) {
    return new ActivityInfo(
        domain,
        taskList,
        task.taskToken(),
        task.activityId(),
        task.name(),
        task.version(),
        task.workflowId(),
        task.runId(),
        attempt(),
        all,
        lastHeartbeat(),
        task.startedEventId());
  }

  OptionalInt attempt() {
    return all.get("attempt") instanceof Long count && count >= 1 && count <= Integer.MAX_VALUE
        ? OptionalInt.of(count.intValue())
        : OptionalInt.empty();
  }

  Optional<Object> lastHeartbeat() {
    return Optional.ofNullable(all.get("last_heartbeat"));
  }

  Optional<Duration> heartbeatTimeout() {
    return seconds("heartbeat_timeout");
  }

  Optional<Duration> startToCloseTimeout() {
    return seconds("start_to_close_timeout");
  }

  private Optional<Duration> seconds(String name) {
    double seconds = all.get(name) instanceof Number number ? number.doubleValue() : -1;
    return seconds > 0 && seconds < 1e8
        ? Optional.of(Duration.ofMillis(Math.round(seconds * 1e3)))
        : Optional.empty();
  }
}
