package io.pyflow.worker.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.slf4j.event.Level;

/** The log of a while, at 2026-11-23T09:30:00.123Z. */
public final class LogRecorder {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-23T09:30:00.123456Z"), ZoneOffset.UTC);

  private LogRecorder() {}

  /** What an action, and whatever runs beside it, logs in JSON. */
  public static List<String> json(Runnable action) {
    return lines(LogFormat.JSON, Level.INFO, action);
  }

  /** The messages that it logs. */
  public static List<String> messages(Runnable action) {
    return lines(LogFormat.TEXT, Level.INFO, action).stream()
        .map(line -> line.substring(line.indexOf(" - ") + 3))
        .toList();
  }

  static List<String> lines(LogFormat format, Level level, Runnable action) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Log.write(new Log(format, level, CLOCK, new PrintStream(bytes, true, StandardCharsets.UTF_8)));
    try {
      action.run();
    } finally {
      Log.write(Log.stderr(LogFormat.TEXT, Level.INFO));
    }
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
