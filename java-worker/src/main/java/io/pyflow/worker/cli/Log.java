package io.pyflow.worker.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.slf4j.event.Level;

/**
 * Where the lines of the log go, and which: what is at least of this level, of the SDK only
 * warnings. Thread-safe.
 */
record Log(LogFormat format, Level level, Clock clock, PrintStream out) {
  private static final String SDK = "software.amazon.awssdk";
  private static final String PROVIDER = "slf4j.provider";
  private static final String OTHERS = "META-INF/services/org.slf4j.spi.SLF4JServiceProvider";

  /** The command's own, which the loggers that SLF4J hands out write to. */
  private static volatile Log ours = stderr(LogFormat.TEXT, Level.INFO);

  static Log stderr(LogFormat format, Level level) {
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    return new Log(format, level, Clock.systemUTC(), err);
  }

  /** From now on lines go there. */
  static void write(Log log) {
    ours = log;
  }

  static Log ours() {
    return ours;
  }

  /**
   * Lets SLF4J log here, before anything logs; a backend that somebody put on the class path, or
   * names in the property {@code slf4j.provider}, wins.
   */
  static void setUp(LogFormat format, Level level) {
    write(stderr(format, level));
    boolean theirs = Log.class.getClassLoader().getResource(OTHERS) != null;
    if (!theirs && System.getProperty(PROVIDER) == null) {
      System.setProperty(PROVIDER, LogProvider.class.getName());
      System.setProperty("slf4j.internal.verbosity", "WARN"); // or it says that it did as told
    }
  }

  boolean writes(Level asked, String logger) {
    Level least = logger.startsWith(SDK) && level.toInt() < Level.WARN.toInt() ? Level.WARN : level;
    return asked.toInt() >= least.toInt();
  }

  void write(Level asked, String logger, String message, @Nullable Throwable error) {
    Map<String, String> ids = Optional.ofNullable(MDC.getCopyOfContextMap()).orElse(Map.of());
    String name = logger.substring(logger.lastIndexOf('.') + 1);
    String line = format.line(clock.instant(), asked, name, message, ids, error);
    out.print(line); // one call for each line: lines of several threads don't mix
    out.flush();
  }
}
