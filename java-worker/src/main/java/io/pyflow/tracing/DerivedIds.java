package io.pyflow.tracing;

import io.opentelemetry.sdk.trace.IdGenerator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives the spans of {@link Tracing} the ids that everybody derives, and all others random ones.
 * Thread-safe.
 *
 * <pre>{@code
 * SdkTracerProvider.builder().setIdGenerator(DerivedIds.create())
 * }</pre>
 */
public final class DerivedIds implements IdGenerator {
  private static final ThreadLocal<@Nullable String> WANTED = new ThreadLocal<>();

  private final IdGenerator random = IdGenerator.random();

  private DerivedIds() {}

  /**
   * A generator for a tracer provider.
   *
   * @return a new one
   */
  public static DerivedIds create() {
    return new DerivedIds();
  }

  /** Begins a span, on this thread, which gets that id. */
  static <T> T spanId(String id, Supplier<T> begin) {
    WANTED.set(id);
    try {
      return begin.get();
    } finally {
      WANTED.remove();
    }
  }

  @Override
  public String generateSpanId() {
    String wanted = WANTED.get();
    return wanted == null ? random.generateSpanId() : wanted;
  }

  @Override
  public String generateTraceId() {
    return random.generateTraceId();
  }
}
