import io.pyflow.codec.Bytes;
import io.pyflow.worker.Activities;
import io.pyflow.worker.Activity;
import io.pyflow.worker.ActivityCanceledException;
import io.pyflow.worker.ActivityContext;
import io.pyflow.worker.ApplicationFailure;
import io.pyflow.worker.HeartbeatMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The activities that every integration worker offers, in Java. */
@Activities(version = "1")
public class IntegrationActivities {
  private static final Duration BEAT_EVERY = Duration.ofMillis(50);
  private static final Map<String, String> FEATURES =
      Map.of("PYFLOW_STORE", "claim-check", "PYFLOW_KEY_FILE", "encryption");

  /** What an activity is told that lasts for a while. */
  public record Span(double seconds, String padding) {
    Duration duration() {
      return Duration.ofNanos((long) (seconds * 1e9));
    }
  }

  /** What `fail` is told. */
  public record Wanted(
      String type, String message, Boolean non_retryable, Object details, Integer causes) {}

  /** What `defer` is told. */
  public record Place(String file) {}

  /** What `bulk` is told. */
  public record Size(int bytes) {}

  /** Returns its input as it is. */
  @Activity
  public Object echo(Object value) {
    return value;
  }

  /** Fails with what its input says, caused by so many failures of the same type and message. */
  @Activity
  public void fail(Wanted wanted) {
    throw ApplicationFailure.builder(wanted.type(), wanted.message())
        .nonRetryable(Boolean.TRUE.equals(wanted.non_retryable()))
        .details(wanted.details())
        .cause(chain(wanted, wanted.causes() == null ? 0 : wanted.causes()))
        .build();
  }

  private static ApplicationFailure chain(Wanted wanted, int length) {
    return length == 0
        ? null
        : ApplicationFailure.builder(wanted.type(), wanted.message())
            .cause(chain(wanted, length - 1))
            .build();
  }

  /** Fails with an ordinary exception, caused by another one. */
  @Activity
  public void crash(String message) {
    throw new IllegalArgumentException(message, new IllegalStateException("the cause"));
  }

  /** What ends an ordinary program can't be caught here, so it is the gravest error that can. */
  @Activity
  public void quit() {
    throw new OutOfMemoryError("the end");
  }

  /** Calls itself without end. */
  @Activity
  public void dive() {
    dive();
  }

  /** Beats until the seconds are over; canceled, it tells how many beats it did. */
  @Activity(heartbeatTimeout = "PT10S")
  public String hold(Span span, ActivityContext context) throws InterruptedException {
    long end = System.nanoTime() + span.duration().toNanos();
    int beats = 0;
    try {
      while (System.nanoTime() < end) {
        beats++;
        context.heartbeat(
            span.padding() == null
                ? Map.of("beats", beats)
                : Map.of("beats", beats, "padding", span.padding()));
        context.sleep(BEAT_EVERY);
      }
    } catch (ActivityCanceledException canceled) {
      throw canceled.withDetails(Map.of("beats", beats));
    }
    return "held";
  }

  /** Waits without a heartbeat, and heeds nothing. */
  @Activity(heartbeat = HeartbeatMode.MANUAL)
  public String doze(Span span) throws InterruptedException {
    Thread.sleep(span.duration().toMillis());
    return "dozed";
  }

  /**
   * Beats once and then never again, for so long; the attempt after it returns what it reads of that
   * heartbeat.
   */
  @Activity(heartbeat = HeartbeatMode.MANUAL)
  public Object resume(Span span, ActivityContext context) throws InterruptedException {
    if (context.info().lastHeartbeat().isEmpty()) {
      context.heartbeat(Map.of("row", 7, "card", "4111"));
      Thread.sleep(span.duration().toMillis());
    }
    return context.info().lastHeartbeat().orElse(null);
  }

  /** Waits and leaves the heartbeat to the worker. */
  @Activity
  public String rest(Span span) throws InterruptedException {
    Thread.sleep(span.duration().toMillis());
    return "rested";
  }

  /** What the worker has beyond the rest, some of it where its environment configures it. */
  @Activity
  public List<String> supports() {
    Stream<String> configured =
        FEATURES.entrySet().stream()
            .filter(feature -> System.getenv(feature.getKey()) != null)
            .map(Map.Entry::getValue);
    return Stream.concat(Stream.of("codecs", "late-completion"), configured).toList();
  }

  /** Leaves its answer to whoever finds its task token in the file. */
  @Activity
  public void defer(Place place, ActivityContext context) throws IOException {
    Path written = Files.writeString(Path.of(place.file() + ".new"), context.completeLater());
    Files.move(written, Path.of(place.file())); // whoever waits for the file finds it whole
  }

  /** Random bytes, which no coding makes smaller. */
  @Activity
  public Bytes bulk(Size size) {
    byte[] bytes = new byte[size.bytes()];
    new SecureRandom().nextBytes(bytes);
    return Bytes.of(bytes);
  }
}
