package io.pyflow.worker.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.pyflow.codec.PayloadConverter;
import io.pyflow.worker.Activity;
import io.pyflow.worker.ActivityContext;
import io.pyflow.worker.ActivityInterceptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InterceptorsTest {
  public static class Shop {
    @Activity(version = "1")
    public String echo(String text) {
      if (text.isEmpty()) {
        throw new IllegalStateException("nothing to echo");
      }
      return text;
    }
  }

  private final FakeSwf swf = new FakeSwf();
  private final List<String> seen = new ArrayList<>();

  private Outcome outcome(String input, ActivityInterceptor... interceptors) throws Exception {
    Payloads payloads = new Payloads(PayloadConverter.standard(), Map.of());
    Workshop shop =
        Workshops.of(
            new Shop(), payloads, swf, new ManualScheduler(), new Statistics(), interceptors);
    new ActivityRun(FakeSwf.task("echo", input), shop).run();
    return swf.nextAnswer().outcome();
  }

  private ActivityInterceptor saying(String name) {
    return (context, next) -> {
      seen.add(name + " before " + context.info().name());
      try {
        return next.proceed();
      } finally {
        seen.add(name + " after");
      }
    };
  }

  @Test
  void theFirstInterceptorIsTheOutermost() throws Exception {
    assertThat(outcome("\"hi\"", saying("a"), saying("b")))
        .isEqualTo(new Outcome.Completed("\"hi\""));
    assertThat(seen).containsExactly("a before echo", "b before echo", "b after", "a after");
  }

  @Test
  void anInterceptorRunsInsideTheContextAndMayChangeTheResult() throws Exception {
    assertThat(
            outcome(
                "{\"$pyflow\":1,\"value\":\"hi\",\"h\":{\"x-tenant\":\"acme\"}}",
                (context, next) ->
                    ActivityContext.current().info().headers().get("x-tenant")
                        + ": "
                        + next.proceed()))
        .isEqualTo(new Outcome.Completed("\"acme: hi\""));
  }

  @Test
  void whatAnInterceptorThrowsFailsTheTask() throws Exception {
    Outcome outcome =
        outcome(
            "\"hi\"",
            (context, next) -> {
              throw new SecurityException("not for you");
            });
    assertThat(((Outcome.Failed) outcome).reason()).isEqualTo("java.lang.SecurityException");
  }

  @Test
  void anInterceptorSeesWhatTheActivityThrows() throws Exception {
    assertThat(
            outcome(
                "\"\"",
                (context, next) -> {
                  try {
                    return next.proceed();
                  } catch (IllegalStateException e) {
                    return e.getMessage();
                  }
                }))
        .isEqualTo(new Outcome.Completed("\"nothing to echo\""));
  }
}
