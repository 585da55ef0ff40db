package io.pyflow.worker.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pyflow.worker.Activities;
import io.pyflow.worker.Activity;
import io.pyflow.worker.ActivityContext;
import io.pyflow.worker.HeartbeatMode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class MethodActivitiesTest {
  @Activities(version = "1.0", taskList = "payments")
  interface Payments {
    @Activity(
        name = "charge",
        startToCloseTimeout = "PT30S",
        heartbeatTimeout = "PT1M",
        heartbeat = HeartbeatMode.MANUAL)
    String chargeCard(String card) throws Exception;

    String refund(String card, ActivityContext context);
  }

  static class PaymentsImpl implements Payments {
    @Override
    public String chargeCard(String card) {
      return "charged " + card;
    }

    @Override
    public String refund(String card, ActivityContext context) {
      return "refunded " + card;
    }

    public void notAnActivity() {}
  }

  private static final ActivityContext NO_CONTEXT = null;

  private static ActivityDefinition find(List<ActivityDefinition> all, String name) {
    return all.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void everyMethodOfAnAnnotatedInterfaceIsAnActivity() {
    assertThat(MethodActivities.of(new PaymentsImpl()))
        .extracting(ActivityDefinition::name, ActivityDefinition::version)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("charge", "1.0"),
            org.assertj.core.groups.Tuple.tuple("refund", "1.0"));
  }

  @Test
  void annotationsSayWhatIsRegistered() {
    ActivityDefinition charge = find(MethodActivities.of(new PaymentsImpl()), "charge");
    assertThat(TypeRegistration.of(charge, "cards"))
        .isEqualTo(
            new TypeRegistration("charge", "1.0", "", "payments", "NONE", "30", "NONE", "60"));
    assertThat(charge.options().heartbeat()).isEqualTo(HeartbeatMode.MANUAL);
    assertThat(charge.options().startToClose()).contains(Duration.ofSeconds(30));
  }

  @Test
  void anActivityIsCalledWithItsInput() throws Throwable {
    ActivityDefinition charge = find(MethodActivities.of(new PaymentsImpl()), "charge");
    assertThat(charge.body().perform("visa", NO_CONTEXT)).isEqualTo("charged visa");
  }

  private static void assertRefused(Object implementation, String message) {
    assertThatThrownBy(() -> MethodActivities.of(implementation))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message.replace("HERE", implementation.getClass().getName()));
  }

  static class TwoValues {
    @Activity(version = "1")
    public void pay(String card, int cents) {}
  }

  static class NoVersion {
    @Activity
    public void pay() {}
  }

  static class Future {
    @Activity(version = "1")
    public CompletableFuture<String> pay() {
      return CompletableFuture.completedFuture("");
    }
  }

  static class OddTimeout {
    @Activity(version = "1", startToCloseTimeout = "30")
    public void pay() {}
  }

  static class OddName {
    @Activity(name = "a|b", version = "1")
    public void pay() {}
  }

  static class Twice {
    @Activity(name = "pay", version = "1")
    public void first() {}

    @Activity(name = "pay", version = "1")
    public void second() {}
  }

  @Test
  void whatCannotBeAnActivityIsRefusedInASentence() {
    assertRefused(
        new TwoValues(),
        "activity HERE.pay takes 2 values, an activity takes one: make them a record");
    assertRefused(
        new NoVersion(),
        "activity HERE.pay has no version: say @Activity(version = \"1\"), or the same of @Activities");
    assertRefused(
        new Future(),
        "activity HERE.pay returns a CompletableFuture: wait for it, and return its value");
    assertRefused(
        new OddTimeout(), "timeout '30' of activity HERE.pay is no ISO 8601 duration like PT30S");
    assertRefused(
        new OddName(),
        "activity name 'a|b' is not 1 to 256 characters without ':', '/', '|' and control characters, other than 'arn'");
    assertRefused(
        new Twice(), "activity pay 1 is there twice in HERE: give one of them another name");
    assertRefused(
        new Object(),
        "HERE has no activities: annotate methods with @Activity, or implement an interface that is annotated with @Activities");
  }
}
