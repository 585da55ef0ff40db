package io.pyflow.worker.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A clock that is told the time; what falls due meanwhile runs on the calling thread. */
final class ManualScheduler implements Scheduler {
  private record Entry(long at, Runnable action) {}

  private final List<Entry> entries = new ArrayList<>();
  private long now;

  void advance(Duration time) {
    long end = now + time.toNanos();
    for (Optional<Entry> next = due(end); next.isPresent(); next = due(end)) {
      entries.remove(next.get());
      now = Math.max(now, next.get().at());
      next.get().action().run();
    }
    now = end;
  }

  private Optional<Entry> due(long end) {
    return entries.stream().filter(e -> e.at() <= end).min(Comparator.comparingLong(Entry::at));
  }

  @Override
  public long nanos() {
    return now;
  }

  @Override
  public Alarm after(Duration delay, Runnable action) {
    Entry entry = new Entry(now + delay.toNanos(), action);
    entries.add(entry);
    return () -> entries.remove(entry);
  }

  @Override
  public void sleep(Duration time) {
    advance(time);
  }

  @Override
  public void close() {
    entries.clear();
  }
}
