package io.pyflow.worker.internal;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The seven things that a worker asks of SWF, so that it can be tested without the SDK.
 *
 * <p>Each call is one request: whoever calls decides whether to try again. Thread-safe.
 */
public interface SwfGateway extends AutoCloseable {

  /** A long poll: empty after about a minute without a task. */
  Optional<ActivityTask> poll(String taskList) throws SwfException;

  /** Tells SWF that a task is alive; returns whether its cancellation was requested. */
  boolean heartbeat(String taskToken, @Nullable String details) throws SwfException;

  /** Answers a task: done. */
  void complete(String taskToken, @Nullable String result) throws SwfException;

  /** Answers a task: canceled, as requested. */
  void cancel(String taskToken, @Nullable String details) throws SwfException;

  /** Answers a task: failed. */
  void fail(String taskToken, String reason, String details) throws SwfException;

  /** Registers a type; returns false if it was registered before, perhaps with other defaults. */
  boolean register(TypeRegistration type) throws SwfException;

  /** What a type is registered with. */
  TypeRegistration describe(String name, String version) throws SwfException;

  /** Where the requests go, for people. */
  String endpoint();

  @Override
  void close();
}
