package io.pyflow.worker.internal;

import io.pyflow.codec.ArgumentException;
import io.pyflow.codec.PayloadConverter;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an activity takes, and whether null will do: it will for Object, Optional and Void, and
 * where the parameter is annotated with some {@code Nullable}.
 */
public record InputType(Type type, boolean nullable) {

  /** Of a class given to the builder. */
  public static InputType of(Class<?> type) {
    return new InputType(type, type == Object.class || type == Void.class);
  }

  /** Of a method's parameter and the places where annotations of it may stand. */
  static InputType of(Type type, AnnotatedElement... places) {
    boolean annotated =
        Arrays.stream(places)
            .flatMap(place -> Arrays.stream(place.getAnnotations()))
            .anyMatch(annotation -> annotation.annotationType().getSimpleName().equals("Nullable"));
    return new InputType(type, annotated || type == Object.class || isOptional(type));
  }

  /** The decoded value as what the activity takes. */
  @Nullable Object read(@Nullable Object value, PayloadConverter converter, String what) {
    if (type instanceof ParameterizedType optional && isOptional(type)) {
      return value == null
          ? Optional.empty()
          : Optional.ofNullable(converter.read(value, optional.getActualTypeArguments()[0], what));
    }
    if (value == null && nullable) {
      return null;
    }
    if (value == null) {
      throw new ArgumentException(
          "%s is null, the activity takes a %s".formatted(what, type.getTypeName()));
    }
    return converter.read(value, type, what);
  }

  private static boolean isOptional(Type type) {
    return type instanceof ParameterizedType parameterized
        && parameterized.getRawType() == Optional.class;
  }
}
