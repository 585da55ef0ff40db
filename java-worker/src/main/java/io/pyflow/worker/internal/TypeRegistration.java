package io.pyflow.worker.internal;

import io.pyflow.worker.ActivityOptions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** An activity type and its defaults, all in SWF's own words; `NONE` is no timeout. */
public record TypeRegistration(
    String name,
    String version,
    String description,
    String taskList,
    String scheduleToStart,
    String startToClose,
    String scheduleToClose,
    String heartbeat) {

  /** SWF's name of the default task list. */
  static final String TASK_LIST = "defaultTaskList";

  /** What to register for an activity of a worker that polls {@code taskList}. */
  public static TypeRegistration of(ActivityDefinition activity, String taskList) {
    ActivityOptions options = activity.options();
    return new TypeRegistration(
        activity.name(),
        activity.version(),
        options.description().orElse(""),
        options.taskList().orElse(taskList),
        seconds(options.scheduleToStart()),
        seconds(options.startToClose()),
        seconds(options.scheduleToClose()),
        seconds(options.heartbeatTimeout()));
  }

  /** The defaults by SWF's names for them. */
  public Map<String, String> defaults() {
    Map<String, String> defaults = new LinkedHashMap<>();
    defaults.put(TASK_LIST, taskList);
    defaults.put("defaultTaskScheduleToStartTimeout", scheduleToStart);
    defaults.put("defaultTaskStartToCloseTimeout", startToClose);
    defaults.put("defaultTaskScheduleToCloseTimeout", scheduleToClose);
    defaults.put("defaultTaskHeartbeatTimeout", heartbeat);
    return defaults;
  }

  private static String seconds(Optional<Duration> timeout) {
    return timeout.map(value -> Long.toString(value.getSeconds())).orElse("NONE");
  }
}
