package io.pyflow.worker.internal;

import io.pyflow.worker.CancelReason;
import io.pyflow.worker.HeartbeatMode;
import io.pyflow.worker.WorkerMetrics;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The heartbeat of one task: the first beat goes out at once, then at most one each {@link
 * #interval}, with the newest details. What SWF answers becomes the task's cancellation.
 */
final class Heartbeat implements Heart {
  private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);
  private static final double SHARE = 0.4;
  private static final Duration SHORTEST = Duration.ofMillis(200);
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final Duration UNKNOWN = Duration.ofSeconds(10);

  private final ActivityTask task;
  private final SwfGateway swf;
  private final Scheduler scheduler;
  private final TaskCancellation cancellation;
  private final WorkerMetrics metrics;
  private final String taskList;
  private final boolean automatic;
  private final Optional<Duration> timeout;
  private final Duration interval;

  private @Nullable String details;
  private boolean asked; // the activity called heartbeat since the last beat
  private boolean sending;
  private boolean stopped;
  private boolean beaten;
  private long lastBeat;
  private long confirmed; // when SWF last knew that the task is alive
  private Scheduler.@Nullable Alarm alarm;
  private long alarmAt;
  private Scheduler.@Nullable Alarm deadline; // there while a beat is owed

  Heartbeat(
      ActivityTask task,
      SwfGateway swf,
      Scheduler scheduler,
      TaskCancellation cancellation,
      HeartbeatMode mode,
      Optional<Duration> timeout,
      WorkerMetrics metrics,
      String taskList) {
    this.task = task;
    this.swf = swf;
    this.scheduler = scheduler;
    this.cancellation = cancellation;
    this.automatic = mode == HeartbeatMode.AUTO;
    this.timeout = timeout;
    this.interval = interval(timeout);
    this.metrics = metrics;
    this.taskList = taskList;
  }

  /** How often SWF hears of a task with this heartbeat timeout. */
  static Duration interval(Optional<Duration> timeout) {
    Duration wanted = timeout.map(t -> Duration.ofNanos((long) (SHARE * nanos(t)))).orElse(UNKNOWN);
    if (wanted.compareTo(SHORTEST) < 0) {
      return SHORTEST;
    }
    return wanted.compareTo(LONGEST) > 0 ? LONGEST : wanted;
  }

  private static double nanos(Duration time) {
    return time.getSeconds() * 1e9;
  }

  @Override
  public synchronized void start() {
    confirmed = scheduler.nanos();
    if (automatic) {
      arm(confirmed + interval.toNanos());
    }
  }

  @Override
  public synchronized void beat(@Nullable String newest) {
    details = newest;
    asked = true;
    arm(beaten ? lastBeat + interval.toNanos() : scheduler.nanos());
  }

  @Override
  public synchronized void stop() {
    stopped = true;
    if (alarm != null) {
      alarm.cancel();
    }
    if (deadline != null) {
      deadline.cancel();
    }
  }

  private void arm(long at) {
    if (stopped || sending || (alarm != null && alarmAt - at <= 0)) {
      return;
    }
    if (alarm != null) {
      alarm.cancel();
    }
    alarmAt = at;
    alarm = at(at, this::sendNewest);
  }

  private Scheduler.Alarm at(long time, Runnable action) {
    Runnable labelled =
        () -> {
          TaskLabels labels = TaskLabels.of(task, taskList);
          try (labels) {
            action.run();
          }
        };
    return scheduler.after(Duration.ofNanos(Math.max(0, time - scheduler.nanos())), labelled);
  }

  /**
   * From the first try after SWF last knew: it gives the task up a timeout later. A try that comes
   * even later is given a timeout of its own, since the decider may have set a longer one.
   */
  private void owe(long now) {
    if (deadline == null && timeout.isPresent()) {
      long end = confirmed + timeout.get().toNanos();
      deadline = at(now - end < 0 ? end : now + timeout.get().toNanos(), this::lost);
    }
  }

  private void sendNewest() {
    String newest;
    synchronized (this) {
      alarm = null;
      if (stopped || sending) {
        return;
      }
      sending = true;
      asked = false;
      beaten = true;
      lastBeat = scheduler.nanos();
      owe(lastBeat);
      newest = details;
    }
    boolean again = automatic;
    try {
      boolean cancelRequested = swf.heartbeat(task.taskToken(), newest);
      metrics.heartbeatEnded(true);
      arrived();
      if (cancelRequested) {
        cancellation.cancel(CancelReason.REQUESTED);
      }
    } catch (SwfException e) {
      metrics.heartbeatEnded(false);
      failed(e);
      again = true;
    } catch (RuntimeException | Error e) {
      log.error("the heartbeat of {} failed", task, e);
    } finally {
      synchronized (this) {
        sending = false;
        if (again || asked) {
          arm(lastBeat + interval.toNanos());
        }
      }
    }
  }

  private synchronized void arrived() {
    confirmed = lastBeat;
    if (deadline != null) {
      deadline.cancel();
      deadline = null;
    }
  }

  private void failed(SwfException e) {
    if (e.kind() == SwfException.Kind.UNKNOWN) {
      giveUp(CancelReason.GONE);
    } else {
      log.debug("a heartbeat of {} did not arrive", task, e);
    }
  }

  private void lost() {
    log.warn("no heartbeat of {} arrived for {}", task, timeout.orElseThrow());
    giveUp(CancelReason.HEARTBEAT_LOST);
  }

  private void giveUp(CancelReason reason) {
    synchronized (this) {
      if (stopped) {
        return; // answered meanwhile: of course SWF does not know it any more
      }
    }
    stop();
    cancellation.cancel(reason);
  }
}
