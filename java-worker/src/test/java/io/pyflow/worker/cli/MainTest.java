package io.pyflow.worker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pyflow.worker.Activity;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MainTest {
  public static class Shop {
    @Activity(version = "1")
    public String echo(String text) {
      return text;
    }
  }

  public static class Shy {
    private Shy() {}
  }

  public static class Broken {
    public Broken() {
      throw new IllegalStateException("no database");
    }
  }

  private static final String HERE = MainTest.class.getName() + "$";

  static Stream<Arguments> badInput() {
    return Stream.of(
        Arguments.of("--domain d --task-list t", "missing required option: '--activities=CLASS'"),
        Arguments.of(
            "--domain d --task-list t --activities Nope",
            "class Nope is not on the class path: add its folder or jar to -cp"),
        Arguments.of(
            "--domain d --task-list t --activities " + HERE + "Shy",
            "class " + HERE + "Shy has no public constructor without parameters: give it one"),
        Arguments.of(
            "--domain d --task-list t --activities " + HERE + "Broken",
            "class "
                + HERE
                + "Broken can't be made, its constructor throws java.lang.IllegalStateException: no database"),
        Arguments.of(
            "--domain d --task-list t --activities " + HERE + "Shop --configure " + HERE + "Shop",
            "class "
                + HERE
                + "Shop is no io.pyflow.worker.cli.WorkerConfigurer: let it implement that"),
        Arguments.of(
            "--domain d --task-list t --log-format xml --activities " + HERE + "Shop",
            "invalid value for option '--log-format': expected one of [TEXT, JSON] (case-insensitive) but was 'xml'"),
        Arguments.of(
            "--domain d --task-list t --concurrency 0 --activities " + HERE + "Shop",
            "concurrency 0 is less than 1"),
        Arguments.of(
            "--domain d --task-list t --concurrency ten --activities " + HERE + "Shop",
            "invalid value for option '--concurrency': 'ten' is not an int"),
        Arguments.of(
            "--domain d --task-list t --graceful-timeout -1 --activities " + HERE + "Shop",
            "graceful timeout PT-1S is negative: give 0 or more seconds"),
        Arguments.of(
            "--domain d --task-list t --endpoint-url swf --activities " + HERE + "Shop",
            "endpoint 'swf' is no URL like http://127.0.0.1:4599"),
        Arguments.of(
            "--domain d --task-list t --speed 7 --activities " + HERE + "Shop",
            "unknown options: '--speed', '7'"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badInput")
  void badInputIsOneSentenceAndExitCodeTwo(String arguments, String sentence) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = Main.run(new PrintStream(out), new PrintStream(err), arguments.split(" "));
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo("pyflow-worker: " + sentence + System.lineSeparator());
    assertThat(code).isEqualTo(2);
    assertThat(out.size()).isZero();
  }

  @Test
  void helpNamesEveryOption() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int code = Main.run(new PrintStream(out), System.err, "--help");
    assertThat(code).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains(
            "--domain",
            "--task-list",
            "--activities",
            "--endpoint-url",
            "--region",
            "--concurrency",
            "--pollers",
            "--graceful-timeout",
            "--identity",
            "--key-file",
            "--store",
            "--strict-registration",
            "--metrics-port",
            "--log-format",
            "--log-level",
            "--configure",
            "--[no-]register");
  }
}
