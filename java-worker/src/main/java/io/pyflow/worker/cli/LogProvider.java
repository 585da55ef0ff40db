package io.pyflow.worker.cli;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMDCAdapter;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * The SLF4J backend of the command line, named by the property {@code slf4j.provider} so that a
 * program with a backend of its own never meets it.
 */
public final class LogProvider implements SLF4JServiceProvider {
  private final IMarkerFactory markers = new BasicMarkerFactory();
  private final MDCAdapter mdc = new BasicMDCAdapter();
  private final Map<String, Logger> loggers = new ConcurrentHashMap<>();

  /** Made by SLF4J. */
  public LogProvider() {}

  @Override
  public ILoggerFactory getLoggerFactory() {
    return name -> loggers.computeIfAbsent(name, LineLogger::new);
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return mdc;
  }

  @Override
  public String getRequestedApiVersion() {
    return "2.0.99";
  }

  @Override
  public void initialize() {
    // nothing to do: where lines go is asked for each of them
  }

  private static final class LineLogger extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1L;

    LineLogger(String name) {
      this.name = name;
    }

    @Override
    public boolean isTraceEnabled() {
      return Log.ours().writes(Level.TRACE, name);
    }

    @Override
    public boolean isDebugEnabled() {
      return Log.ours().writes(Level.DEBUG, name);
    }

    @Override
    public boolean isInfoEnabled() {
      return Log.ours().writes(Level.INFO, name);
    }

    @Override
    public boolean isWarnEnabled() {
      return Log.ours().writes(Level.WARN, name);
    }

    @Override
    public boolean isErrorEnabled() {
      return Log.ours().writes(Level.ERROR, name);
    }

    @Override
    protected String getFullyQualifiedCallerName() {
      return "";
    }

    @Override
    protected void handleNormalizedLoggingCall(
        Level level, Marker marker, String pattern, Object[] arguments, Throwable error) {
      String message = MessageFormatter.basicArrayFormat(pattern, arguments);
      Log.ours().write(level, name, message, error);
    }
  }
}
