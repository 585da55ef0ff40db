package io.pyflow.worker.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pyflow.worker.ActivityOptions;
import io.pyflow.worker.WorkerException;
import io.pyflow.worker.cli.LogRecorder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RegistrationTest {
  private static final String DRIFT =
      "activity type charge 1 is registered with defaultTaskStartToCloseTimeout '60' (the code says"
          + " '30'), defaultTaskHeartbeatTimeout 'NONE' (the code says '5'): a change needs a new"
          + " version";

  private final FakeSwf swf = new FakeSwf();

  private void register(boolean strict, String taskList, ActivityOptions options) {
    ActivityDefinition charge =
        new ActivityDefinition("charge", "1", options, Optional.empty(), (input, context) -> null);
    new Registration(swf, new ManualScheduler(), "shop", strict)
        .registerAll(List.of(charge), taskList);
  }

  private static ActivityOptions startToClose(int seconds) {
    return ActivityOptions.defaults().withStartToClose(Duration.ofSeconds(seconds));
  }

  private static ActivityOptions drifted() {
    return startToClose(30).withHeartbeatTimeout(Duration.ofSeconds(5));
  }

  @Test
  void aTypeIsRegisteredWithEveryDefault() {
    register(false, "cards", startToClose(30));
    assertThat(swf.types.get("charge"))
        .isEqualTo(new TypeRegistration("charge", "1", "", "cards", "NONE", "30", "NONE", "NONE"));
  }

  @Test
  void aTypeWhoseDefaultsDifferIsReportedInOneSentenceAndLeftAsItIs() {
    register(false, "cards", startToClose(60));
    assertThat(LogRecorder.messages(() -> register(false, "cards", drifted())))
        .containsExactly(DRIFT);
    assertThat(swf.types.get("charge").startToClose()).isEqualTo("60");
  }

  @Test
  void aStrictRegistrationRefusesATypeWhoseDefaultsDiffer() {
    register(true, "cards", startToClose(60));
    assertThatThrownBy(() -> register(true, "cards", drifted()))
        .isInstanceOf(WorkerException.class)
        .hasMessage(DRIFT);
  }

  @Test
  void theTaskListOfTheWorkerIsNoDriftAndThatOfTheCodeIs() {
    register(true, "cards", startToClose(60));
    assertThatCode(() -> register(true, "other", startToClose(60))).doesNotThrowAnyException();
    assertThatThrownBy(() -> register(true, "cards", startToClose(60).withTaskList("other")))
        .hasMessage(
            "activity type charge 1 is registered with defaultTaskList 'cards' (the code says 'other'): a change needs a new version");
  }
}
