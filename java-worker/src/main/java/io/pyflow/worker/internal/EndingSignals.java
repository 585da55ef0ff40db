package io.pyflow.worker.internal;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGTERM and SIGINT for a worker. A JVM that is left alone begins its shutdown with the first and
 * hears no second, so they are taken over as long as this is open. By reflection: {@code
 * sun.misc.Signal} is there in every JDK, and no API.
 */
public final class EndingSignals implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EndingSignals.class);
  private static final List<String> NAMES = List.of("TERM", "INT");

  private final Map<Object, Object> found = new LinkedHashMap<>();
  private final AtomicInteger count = new AtomicInteger();
  private final Runnable first;
  private final Runnable again;

  private EndingSignals(Runnable first, Runnable again) {
    this.first = first;
    this.again = again;
  }

  /**
   * Runs one action for the first signal, another for each further one, on threads of their own.
   */
  public static EndingSignals to(Runnable first, Runnable again) {
    EndingSignals signals = new EndingSignals(first, again);
    for (String name : NAMES) {
      signals.take(name);
    }
    return signals;
  }

  private void take(String name) {
    try {
      Object signal = type("Signal").getConstructor(String.class).newInstance(name);
      InvocationHandler heard = (proxy, method, arguments) -> heard(proxy, method, arguments, name);
      Object handler =
          Proxy.newProxyInstance(
              EndingSignals.class.getClassLoader(), new Class<?>[] {type("SignalHandler")}, heard);
      found.put(signal, handle(signal, handler));
    } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
      // another JVM, or -Xrs: then the JVM's own shutdown is what a signal begins
      log.debug("SIG{} stays with the JVM", name, e);
    }
  }

  private Object heard(Object proxy, Method method, Object[] arguments, String name) {
    return switch (method.getName()) {
      case "handle" -> {
        obey(name);
        yield null;
      }
      case "equals" -> proxy == arguments[0];
      case "hashCode" -> System.identityHashCode(proxy);
      default -> "the worker's handler of SIG" + name;
    };
  }

  /** What a signal sets off. */
  void obey(String name) {
    if (count.incrementAndGet() == 1) {
      log.info("stopping: SIG{}", name);
      first.run();
    } else {
      log.warn("SIG{} again: stopping at once", name);
      again.run();
    }
  }

  private static Class<?> type(String name) throws ClassNotFoundException {
    return Class.forName("sun.misc." + name);
  }

  private static Object handle(Object signal, Object handler) throws ReflectiveOperationException {
    try {
      return type("Signal")
          .getMethod("handle", type("Signal"), type("SignalHandler"))
          .invoke(null, signal, handler);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Gives the signals back to who had them before. */
  @Override
  public void close() {
    for (Map.Entry<Object, Object> each : found.entrySet()) {
      try {
        handle(each.getKey(), each.getValue());
      } catch (ReflectiveOperationException | RuntimeException e) {
        log.debug("{} can't be given back", each.getKey(), e);
      }
    }
    found.clear();
  }
}
