package io.pyflow.worker;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a method an activity: it takes the input (or nothing), then an {@link ActivityContext} if
 * it wants one, and returns the result.
 *
 * <p>Timeouts are ISO 8601 durations of whole seconds such as {@code PT30S}; empty means SWF's
 * {@code NONE}. They are the defaults that the type is registered with; a decider may ask for
 * others.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Activity {

  /**
   * The name of the activity type.
   *
   * @return a name of at most 256 characters, or empty for the method's name
   */
  String name() default "";

  /**
   * The version of the activity type.
   *
   * @return a version of at most 64 characters, or empty for that of {@link Activities}
   */
  String version() default "";

  /**
   * What the activity does, for whoever lists the types of a domain.
   *
   * @return at most 1,024 characters
   */
  String description() default "";

  /**
   * How long a task may wait for a worker.
   *
   * @return an ISO 8601 duration, or empty
   */
  String scheduleToStartTimeout() default "";

  /**
   * How long one attempt may take.
   *
   * @return an ISO 8601 duration, or empty
   */
  String startToCloseTimeout() default "";

  /**
   * How long a task may take in all.
   *
   * @return an ISO 8601 duration, or empty
   */
  String scheduleToCloseTimeout() default "";

  /**
   * How long SWF waits for the next heartbeat.
   *
   * @return an ISO 8601 duration, or empty
   */
  String heartbeatTimeout() default "";

  /**
   * Who sends heartbeats.
   *
   * @return {@link HeartbeatMode#AUTO} unless said otherwise
   */
  HeartbeatMode heartbeat() default HeartbeatMode.AUTO;
}
