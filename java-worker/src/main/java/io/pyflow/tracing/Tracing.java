package io.pyflow.tracing;

import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import io.pyflow.worker.ActivityContext;
import io.pyflow.worker.ActivityInfo;
import io.pyflow.worker.ActivityInterceptor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a span of each call of an activity, in the trace of its run, which decider and workers of
 * all languages join (protocol/tracing.md). It is the current span while the activity runs.
 * Thread-safe.
 *
 * <pre>{@code
 * try (var tracing = Tracing.otlp();
 *     var worker = ActivityWorker.builder().domain("shop").taskList("cards")
 *         .register(new Cards()).interceptor(tracing).build()) {
 *   worker.run();
 * }
 * }</pre>
 *
 * Never in a span: inputs, results, the message of an exception.
 */
public final class Tracing implements ActivityInterceptor, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Tracing.class);
  private static final String SCOPE = "pyflow";
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "otel.service.name", "pyflow-worker",
          "otel.traces.exporter", "otlp",
          "otel.metrics.exporter", "none",
          "otel.logs.exporter", "none",
          "otel.exporter.otlp.protocol", "http/protobuf");
  private static final TextMapGetter<Map<String, String>> GETTER =
      (carrier, key) -> carrier == null ? null : carrier.get(key);

  private final Tracer tracer;
  private final Sampler sampler;
  private final Runnable close;
  private final AtomicBoolean warned = new AtomicBoolean();

  private Tracing(SdkTracerProvider provider, Runnable close) {
    this.tracer = provider.get(SCOPE);
    this.sampler = provider.getSampler();
    this.close = close;
  }

  /**
   * Emits spans by a provider that stays the caller's.
   *
   * @param provider built with {@link DerivedIds}
   * @return a new interceptor
   */
  public static Tracing of(SdkTracerProvider provider) {
    return new Tracing(provider, () -> {});
  }

  /**
   * Sends spans by OTLP over HTTP, as OpenTelemetry's environment variables and system properties
   * say ({@code OTEL_EXPORTER_OTLP_ENDPOINT} and the like). The SDK becomes the global one, so that
   * spans which an activity makes itself go the same way; closing this sends what is left.
   *
   * @return a new interceptor
   * @throws IllegalArgumentException if they say what cannot be
   */
  public static Tracing otlp() {
    OpenTelemetrySdk sdk;
    try {
      sdk =
          AutoConfiguredOpenTelemetrySdk.builder()
              .addPropertiesSupplier(() -> DEFAULTS)
              .addTracerProviderCustomizer(
                  (builder, config) -> builder.setIdGenerator(DerivedIds.create()))
              .disableShutdownHook()
              .setResultAsGlobal()
              .build()
              .getOpenTelemetrySdk();
    } catch (ConfigurationException e) {
      throw new IllegalArgumentException("tracing can't be set up: " + e.getMessage(), e);
    }
    return new Tracing(sdk.getSdkTracerProvider(), sdk::close);
  }

  /** Sends what is left, where this was made by {@link #otlp}. */
  @Override
  public void close() {
    close.run();
  }

  @Override
  public @Nullable Object intercept(ActivityContext context, Next next) throws Exception {
    Context current;
    try {
      current = begun(context.info());
    } catch (RuntimeException e) { // which is no reason for the activity to fail
      log.error("a span of {} is lost", context.info(), e);
      return next.proceed();
    }
    Span span = Span.fromContext(current);
    Scope scope = current.makeCurrent();
    try {
      Object result = next.proceed();
      Came.back(context).tell(span);
      return result;
    } catch (Exception | Error e) {
      Came.thrown(context, e).tell(span);
      throw e;
    } finally {
      scope.close();
      span.end();
    }
  }

  /** The context with the span of a call that begins now. */
  private Context begun(ActivityInfo info) {
    Place place = Place.of(info.domain(), info.workflowId(), info.runId(), info.headers());
    Context above = above(info, place);
    return above.with(begin(info, place, above));
  }

  /** The run's span as the parent, and what its headers carry on. */
  private Context above(ActivityInfo info, Place place) {
    boolean sampled = place.sampled().orElseGet(() -> sampled(info, place));
    Map<String, String> carrier = new HashMap<>();
    for (String name : List.of("tracestate", "baggage")) {
      if (info.headers().get(name) instanceof String text) {
        carrier.put(name, text);
      }
    }
    carrier.put(
        "traceparent",
        "00-%s-%s-%s"
            .formatted(
                place.traceId(),
                place.parentSpanId(),
                sampled ? TraceFlags.getSampled().asHex() : TraceFlags.getDefault().asHex()));
    Context context =
        W3CTraceContextPropagator.getInstance().extract(Context.root(), carrier, GETTER);
    return W3CBaggagePropagator.getInstance().extract(context, carrier, GETTER);
  }

  private boolean sampled(ActivityInfo info, Place place) {
    return sampler
        .shouldSample(
            Context.root(),
            place.traceId(),
            "run",
            SpanKind.SERVER,
            run(Attributes.builder(), info).build(),
            List.of())
        .getDecision()
        .equals(SamplingDecision.RECORD_AND_SAMPLE);
  }

  private Span begin(ActivityInfo info, Place place, Context above) {
    AttributesBuilder attributes =
        run(Attributes.builder(), info)
            .put("pyflow.activity", info.name())
            .put("pyflow.version", info.version())
            .put("pyflow.activity_id", info.activityId())
            .put("pyflow.task_list", info.taskList())
            .put("pyflow.started_event_id", info.startedEventId());
    info.attempt().ifPresent(attempt -> attributes.put("pyflow.attempt", attempt));
    SpanBuilder builder =
        tracer
            .spanBuilder("perform " + info.name())
            .setParent(above)
            .setSpanKind(SpanKind.CONSUMER)
            .setAllAttributes(attributes.build());
    place
        .link()
        .ifPresent(
            link ->
                builder.addLink(
                    SpanContext.createFromRemoteParent(
                        link.traceId(),
                        link.spanId(),
                        link.sampled() ? TraceFlags.getSampled() : TraceFlags.getDefault(),
                        TraceState.getDefault()),
                    Attributes.of(AttributeKey.stringKey("pyflow.link"), "header")));
    String id = TraceIds.spanId(info.runId(), info.activityId(), info.startedEventId());
    Span span = DerivedIds.spanId(id, builder::startSpan);
    if (!span.getSpanContext().getSpanId().equals(id) && !warned.getAndSet(true)) {
      log.warn(
          "spans of activities have random ids: build the tracer provider with"
              + " setIdGenerator(DerivedIds.create())");
    }
    return span;
  }

  private static AttributesBuilder run(AttributesBuilder attributes, ActivityInfo info) {
    return attributes
        .put("pyflow.domain", info.domain())
        .put("pyflow.workflow_id", info.workflowId())
        .put("pyflow.run_id", info.runId());
  }
}
