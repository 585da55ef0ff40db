package io.pyflow.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import io.pyflow.testing.ActivityEnvironment;
import io.pyflow.testing.ActivityOutcome;
import io.pyflow.worker.Activity;
import io.pyflow.worker.ActivityContext;
import io.pyflow.worker.ApplicationFailure;
import io.pyflow.worker.CancelReason;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TracingTest {
  private static final String OTHER = "4bf92f3577b34da6a3ce929d0e0e4736";

  public static class Shop {
    @Activity(version = "1")
    public String baggage(String key) {
      return Baggage.current().getEntryValue(key);
    }

    @Activity(version = "1")
    public String span() {
      return Span.current().getSpanContext().getSpanId();
    }

    @Activity(version = "1")
    public void decline() {
      throw ApplicationFailure.nonRetryable("NoStock", "a secret");
    }

    @Activity(version = "1")
    public void dive() {
      dive();
    }

    @Activity(version = "1")
    public void hold() {
      ActivityContext.current().heartbeat();
    }

    @Activity(version = "1")
    public void defer() {
      ActivityContext.current().completeLater();
    }
  }

  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();

  private ActivityEnvironment environment(Sampler sampler) {
    SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .setIdGenerator(DerivedIds.create())
            .setSampler(sampler)
            .addSpanProcessor(SimpleSpanProcessor.create(exporter))
            .build();
    return ActivityEnvironment.of(new Shop()).interceptor(Tracing.of(provider));
  }

  private ActivityEnvironment environment() {
    return environment(Sampler.parentBased(Sampler.alwaysOn()));
  }

  private static Object completed(ActivityOutcome outcome) {
    return ((ActivityOutcome.Completed) outcome).result();
  }

  private SpanData span() {
    assertThat(exporter.getFinishedSpanItems()).hasSize(1);
    return exporter.getFinishedSpanItems().get(0);
  }

  private static Map<String, Object> attributes(SpanData span) {
    return span.getAttributes().asMap().entrySet().stream()
        .collect(Collectors.toMap(entry -> entry.getKey().getKey(), Map.Entry::getValue));
  }

  @Test
  void aCallIsASpanBelowTheRuns() {
    environment().run("span", null);
    assertThat(span().getName()).isEqualTo("perform span");
    assertThat(span().getKind()).isEqualTo(SpanKind.CONSUMER);
    assertThat(span().getTraceId()).isEqualTo(TraceIds.traceId("testing", "workflow1", "run1"));
    assertThat(span().getParentSpanId()).isEqualTo(TraceIds.runSpanId("run1"));
    assertThat(span().getParentSpanContext().isRemote()).isTrue();
    assertThat(span().getSpanId()).isEqualTo(TraceIds.spanId("run1", "activity1", 0));
    assertThat(span().getStatus()).isEqualTo(StatusData.unset());
    assertThat(span().getInstrumentationScopeInfo().getName()).isEqualTo("pyflow");
    assertThat(attributes(span()))
        .isEqualTo(
            Map.of(
                "pyflow.domain", "testing",
                "pyflow.workflow_id", "workflow1",
                "pyflow.run_id", "run1",
                "pyflow.activity", "span",
                "pyflow.version", "1",
                "pyflow.activity_id", "activity1",
                "pyflow.task_list", "testing",
                "pyflow.started_event_id", 0L,
                "pyflow.outcome", "completed"));
  }

  @Test
  void theSpanIsTheCurrentOneWhileTheActivityRuns() {
    assertThat(completed(environment().run("span", null)))
        .isEqualTo(TraceIds.spanId("run1", "activity1", 0));
    assertThat(Span.current()).isEqualTo(Span.getInvalid());
  }

  @ParameterizedTest
  @CsvSource({"decline, NoStock", "dive, java.lang.StackOverflowError"})
  void anErrorIsToldByItsTypeAlone(String activity, String type) {
    environment().run(activity, null);
    assertThat(span().getStatus()).isEqualTo(StatusData.create(StatusCode.ERROR, type));
    assertThat(attributes(span())).containsEntry("pyflow.outcome", "failed");
    assertThat(attributes(span())).containsEntry("error.type", type);
    assertThat(span().toString()).doesNotContain("a secret");
    assertThat(span().getEvents()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "REQUESTED, canceled, UNSET",
    "WORKER_SHUTDOWN, handed_back, ERROR",
    "GONE, dropped, UNSET",
    "HEARTBEAT_LOST, dropped, UNSET"
  })
  void whyAnActivityStoppedIsItsOutcome(CancelReason reason, String outcome, StatusCode status) {
    ActivityEnvironment environment = environment();
    environment.cancel(reason);
    environment.run("hold", null);
    assertThat(attributes(span())).containsEntry("pyflow.outcome", outcome);
    assertThat(span().getStatus().getStatusCode()).isEqualTo(status);
  }

  @Test
  void anAnswerThatIsLeftToSomebodyElseIsDeferred() {
    environment().run("defer", null);
    assertThat(attributes(span())).containsEntry("pyflow.outcome", "deferred");
  }

  @Test
  void headersTellTheAttemptTheStateAndTheBaggage() {
    ActivityEnvironment environment =
        environment()
            .attempt(2)
            .header("traceparent", own("01"))
            .header("tracestate", "vendor=1")
            .header("baggage", "tenant=blue");
    assertThat(completed(environment.run("baggage", "tenant"))).isEqualTo("blue");
    assertThat(attributes(span())).containsEntry("pyflow.attempt", 2L);
    assertThat(span().getSpanContext().getTraceState().get("vendor")).isEqualTo("1");
  }

  @Test
  void aHeaderOfAnotherTraceIsALink() {
    environment()
        .header("traceparent", "00-%s-00f067aa0ba902b7-01".formatted(OTHER))
        .run("span", null);
    assertThat(span().getTraceId()).isEqualTo(TraceIds.traceId("testing", "workflow1", "run1"));
    assertThat(span().getLinks()).hasSize(1);
    assertThat(span().getLinks().get(0).getSpanContext().getTraceId()).isEqualTo(OTHER);
    assertThat(span().getLinks().get(0).getAttributes().get(AttributeKey.stringKey("pyflow.link")))
        .isEqualTo("header");
  }

  @Test
  void theRunsOwnHeaderSaysWhetherItIsSampled() {
    environment().header("traceparent", own("00")).run("span", null);
    assertThat(exporter.getFinishedSpanItems()).isEmpty();
    environment(Sampler.parentBased(Sampler.alwaysOff()))
        .header("traceparent", own("01"))
        .run("span", null);
    assertThat(exporter.getFinishedSpanItems()).hasSize(1);
  }

  @Test
  void withoutAHeaderTheSamplerIsAskedForTheRun() {
    environment(Sampler.parentBased(Sampler.alwaysOff())).run("span", null);
    assertThat(exporter.getFinishedSpanItems()).isEmpty();
  }

  @Test
  void aProviderThatDrawsIdsAtRandomStillHasTheTraceAndTheParent() {
    SdkTracerProvider provider =
        SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(exporter)).build();
    ActivityEnvironment.of(new Shop()).interceptor(Tracing.of(provider)).run("span", null);
    assertThat(span().getTraceId()).isEqualTo(TraceIds.traceId("testing", "workflow1", "run1"));
    assertThat(span().getParentSpanId()).isEqualTo(TraceIds.runSpanId("run1"));
  }

  @Test
  void aTracerThatBreaksIsNoReasonForAnActivityToFail() {
    Sampler broken =
        new Sampler() {
          @Override
          public SamplingResult shouldSample(
              Context parent,
              String traceId,
              String name,
              SpanKind kind,
              Attributes attributes,
              List<LinkData> links) {
            throw new IllegalStateException("the sampler is broken");
          }

          @Override
          public String getDescription() {
            return "broken";
          }
        };
    assertThat(completed(environment(broken).run("span", null))).isEqualTo("0000000000000000");
    assertThat(exporter.getFinishedSpanItems()).isEmpty();
  }

  @Test
  void otherSpansOfTheProviderHaveRandomIds() {
    DerivedIds ids = DerivedIds.create();
    assertThat(List.of(ids.generateSpanId(), ids.generateTraceId()))
        .doesNotContain(ids.generateSpanId(), ids.generateTraceId());
    assertThat(DerivedIds.spanId("00f067aa0ba902b7", ids::generateSpanId))
        .isEqualTo("00f067aa0ba902b7");
  }

  private static String own(String flags) {
    return "00-%s-%s-%s"
        .formatted(
            TraceIds.traceId("testing", "workflow1", "run1"), TraceIds.runSpanId("run1"), flags);
  }
}
