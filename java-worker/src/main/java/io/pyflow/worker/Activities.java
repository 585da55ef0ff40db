package io.pyflow.worker;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On an interface: each of its abstract methods is an activity. On a class: what its {@link
 * Activity} methods have in common.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Activities {

  /**
   * The version of every activity here that names none of its own.
   *
   * @return a version of at most 64 characters, or empty
   */
  String version() default "";

  /**
   * The default task list that the types are registered with.
   *
   * @return a task list, or empty for the worker's own
   */
  String taskList() default "";
}
