package io.pyflow.worker.cli;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** How a line of the log looks. Pure: the time is an argument. */
enum LogFormat {
  /** For people, with the stack of an error below. */
  TEXT,
  /** An object on each line; the keys are the same in Python, Ruby and Java. */
  JSON;

  /** The ids of a task, in the order in which they are written. */
  static final List<String> IDS =
      List.of("workflow_id", "run_id", "activity_id", "activity", "version", "task_list");

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** One line, or in text more of them, with the line break. */
  String line(
      Instant time,
      Level level,
      String logger,
      String message,
      Map<String, String> ids,
      @Nullable Throwable error) {
    return this == JSON
        ? json(time, level, message, ids, error)
        : text(time, level, logger, message, ids, error);
  }

  private static String json(
      Instant time,
      Level level,
      String message,
      Map<String, String> ids,
      @Nullable Throwable error) {
    Map<String, String> line = new LinkedHashMap<>();
    line.put("time", TIME.format(time));
    line.put("level", word(level));
    line.put("message", message);
    IDS.stream().filter(ids::containsKey).forEach(id -> line.put(id, ids.get(id)));
    if (error != null) {
      line.put("error", "%s: %s".formatted(error.getClass().getName(), error.getMessage()));
    }
    return line.entrySet().stream()
        .map(each -> "%s: %s".formatted(quoted(each.getKey()), quoted(each.getValue())))
        .collect(Collectors.joining(", ", "{", "}\n"));
  }

  private static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }

  private static String text(
      Instant time,
      Level level,
      String logger,
      String message,
      Map<String, String> ids,
      @Nullable Throwable error) {
    StringWriter line = new StringWriter();
    line.append("%s %-5s %s - %s".formatted(TIME.format(time), word(level), logger, message));
    String known =
        IDS.stream()
            .filter(ids::containsKey)
            .map(id -> id + "=" + ids.get(id))
            .collect(Collectors.joining(" "));
    line.append(known.isEmpty() ? "\n" : " [" + known + "]\n");
    if (error != null) {
      error.printStackTrace(new PrintWriter(line, true));
    }
    return line.toString();
  }

  private static String word(Level level) {
    return level.name().toLowerCase(Locale.ROOT);
  }
}
