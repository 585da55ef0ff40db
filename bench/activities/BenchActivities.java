import io.pyflow.worker.Activities;
import io.pyflow.worker.Activity;
import io.pyflow.worker.ActivityCanceledException;
import io.pyflow.worker.ActivityContext;

/** What the measured Java worker can do. */
@Activities(version = "1")
public class BenchActivities {
  /** Returns what it is given. */
  @Activity
  public Object nothing(Object value) {
    return value;
  }

  /** Sleeps so many seconds. */
  @Activity
  public double nap(double seconds) throws InterruptedException {
    Thread.sleep((long) (seconds * 1000));
    return seconds;
  }

  /** Never sleeps; looks every few milliseconds whether it should stop, and says when it was told so. */
  @Activity(heartbeatTimeout = "PT5S")
  public String busy(double seconds, ActivityContext context) {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    long sum = 0;
    while (System.nanoTime() < end) {
      for (int i = 0; i < 1_000_000; i++) {
        sum += i;
      }
      try {
        context.heartbeat(sum);
      } catch (ActivityCanceledException e) {
        throw e.withDetails(System.currentTimeMillis() / 1e3);
      }
    }
    return "never told to stop";
  }
}
