package io.pyflow.worker.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** SWF in memory: hands out the tasks it is given, and keeps what it is told. */
public final class FakeSwf implements SwfGateway {
  /** An answer as it arrived. */
  public record Answer(String token, Outcome outcome) {}

  private final BlockingQueue<Optional<ActivityTask>> tasks = new LinkedBlockingQueue<>();
  private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
  final List<String> beats = new ArrayList<>();
  final Map<String, TypeRegistration> types = new LinkedHashMap<>();
  final Deque<SwfException> troubles = new ArrayDeque<>();
  final Queue<SwfException> pollTroubles = new ConcurrentLinkedQueue<>();
  final AtomicInteger polls = new AtomicInteger();
  volatile boolean cancelRequested;
  volatile boolean closed;

  static ActivityTask task(String name, String input) {
    return new ActivityTask(
        "token-" + name, "activity1", name, "1", "order-7", "run-1", 7, Optional.ofNullable(input));
  }

  static SwfException trouble(SwfException.Kind kind) {
    return new SwfException(kind, "trouble", new IllegalStateException());
  }

  /** The next requests other than polls meet this. */
  public synchronized void trouble(SwfException.Kind kind, int requests) {
    for (int i = 0; i < requests; i++) {
      troubles.add(trouble(kind));
    }
  }

  /** Heartbeats are answered so from now on. */
  public void requestCancel() {
    cancelRequested = true;
  }

  public void schedule(String name, String input) {
    tasks.add(Optional.of(task(name, input)));
  }

  /** Waits until so many polls were begun since the start; the last may be in flight. */
  public void awaitPolls(int count) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    synchronized (polls) {
      while (polls.get() < count) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
          throw new AssertionError("%d polls came, not %d".formatted(polls.get(), count));
        }
        polls.wait(left);
      }
    }
  }

  /** How many heartbeats came. */
  public synchronized int beats() {
    return beats.size();
  }

  /** Waits until so many heartbeats came since the start. */
  public synchronized void awaitBeats(int count) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (beats.size() < count) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        throw new AssertionError("%d heartbeats came, not %d".formatted(beats.size(), count));
      }
      wait(left);
    }
  }

  /** From now on polls end without a task, once those there are were handed out. */
  public void endPolls() {
    tasks.add(Optional.empty());
  }

  /** The next answer, waiting for it. */
  public Answer nextAnswer() throws InterruptedException {
    Answer answer = answers.poll(60, TimeUnit.SECONDS);
    if (answer == null) {
      throw new AssertionError("no answer came");
    }
    return answer;
  }

  public int answersLeft() {
    return answers.size();
  }

  @Override
  public Optional<ActivityTask> poll(String taskList) throws SwfException {
    synchronized (polls) {
      polls.incrementAndGet();
      polls.notifyAll();
    }
    SwfException trouble = pollTroubles.poll();
    if (trouble != null) {
      throw trouble;
    }
    try {
      Optional<ActivityTask> task = tasks.take();
      if (task.isEmpty()) {
        tasks.add(task); // for the next poll
      }
      return task;
    } catch (InterruptedException e) {
      throw new AssertionError("a poller was interrupted", e);
    }
  }

  private synchronized void stumble() throws SwfException {
    if (!troubles.isEmpty()) {
      throw troubles.remove();
    }
  }

  @Override
  public synchronized boolean heartbeat(String taskToken, String details) throws SwfException {
    beats.add(details);
    notifyAll();
    stumble();
    return cancelRequested;
  }

  @Override
  public void complete(String taskToken, String result) throws SwfException {
    answer(taskToken, new Outcome.Completed(result));
  }

  @Override
  public void cancel(String taskToken, String details) throws SwfException {
    answer(taskToken, new Outcome.Canceled(details));
  }

  @Override
  public void fail(String taskToken, String reason, String details) throws SwfException {
    answer(taskToken, new Outcome.Failed(reason, details));
  }

  private void answer(String token, Outcome outcome) throws SwfException {
    stumble();
    answers.add(new Answer(token, outcome));
  }

  @Override
  public synchronized boolean register(TypeRegistration type) throws SwfException {
    stumble();
    return types.putIfAbsent(type.name(), type) == null;
  }

  @Override
  public TypeRegistration describe(String name, String version) {
    return types.get(name);
  }

  @Override
  public String endpoint() {
    return "memory";
  }

  @Override
  public void close() {
    closed = true;
  }
}
