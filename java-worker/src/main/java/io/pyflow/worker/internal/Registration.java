package io.pyflow.worker.internal;

import io.pyflow.worker.WorkerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers activity types, and says where those that exist already differ from the code; they are
 * never changed.
 */
final class Registration {
  private static final Logger log = LoggerFactory.getLogger(Registration.class);
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private final SwfGateway swf;
  private final Scheduler scheduler;
  private final String domain;
  private final boolean strict;

  Registration(SwfGateway swf, Scheduler scheduler, String domain, boolean strict) {
    this.swf = swf;
    this.scheduler = scheduler;
    this.domain = domain;
    this.strict = strict;
  }

  /**
   * Registers what is not there yet.
   *
   * @throws WorkerException if SWF refuses, or a type differs and that is not to be
   */
  void registerAll(Collection<ActivityDefinition> activities, String taskList) {
    List<String> drifts = new ArrayList<>();
    for (ActivityDefinition activity : activities) {
      TypeRegistration type = TypeRegistration.of(activity, taskList);
      if (!patiently(() -> swf.register(type))) {
        drift(activity, type).ifPresent(drifts::add);
      }
    }
    if (strict && !drifts.isEmpty()) {
      throw new WorkerException(String.join("; ", drifts));
    }
    drifts.forEach(log::warn);
  }

  private Optional<String> drift(ActivityDefinition activity, TypeRegistration wanted) {
    Map<String, String> defaults = wanted.defaults();
    if (activity.options().taskList().isEmpty()) {
      defaults.remove(TypeRegistration.TASK_LIST); // this worker's own, which the code does not say
    }
    try {
      TypeRegistration found = swf.describe(wanted.name(), wanted.version());
      return drift(wanted, defaults, found.defaults());
    } catch (SwfException e) { // it is there, which is what counts
      log.warn(
          "activity type {} {} can't be compared: {}",
          wanted.name(),
          wanted.version(),
          e.getMessage());
      return Optional.empty();
    }
  }

  /** A sentence with each default that is registered otherwise than the code says. */
  static Optional<String> drift(
      TypeRegistration type, Map<String, String> code, Map<String, String> registered) {
    String differences =
        code.entrySet().stream()
            .filter(each -> !each.getValue().equals(registered.get(each.getKey())))
            .map(
                each ->
                    "%s '%s' (the code says '%s')"
                        .formatted(each.getKey(), registered.get(each.getKey()), each.getValue()))
            .collect(Collectors.joining(", "));
    return differences.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "activity type %s %s is registered with %s: a change needs a new version"
                .formatted(type.name(), type.version(), differences));
  }

  private interface Request<T> {
    T send() throws SwfException;
  }

  private <T> T patiently(Request<T> request) {
    long end = scheduler.nanos() + PATIENCE.toNanos();
    Backoff backoff = new Backoff();
    while (true) {
      try {
        return request.send();
      } catch (SwfException e) {
        Duration wait = backoff.next();
        if (e.kind() != SwfException.Kind.TRANSIENT) {
          throw refused(e);
        }
        if (scheduler.nanos() + wait.toNanos() - end > 0) {
          throw new WorkerException(
              "SWF at %s does not answer (%s): is it up, and is the endpoint right?"
                  .formatted(swf.endpoint(), e.getMessage()),
              e);
        }
        log.warn("SWF at {} does not answer, trying again: {}", swf.endpoint(), e.getMessage());
        scheduler.sleep(wait);
      }
    }
  }

  private WorkerException refused(SwfException e) {
    if (e.kind() == SwfException.Kind.UNKNOWN) {
      return new WorkerException(
          "domain '%s' is not registered in SWF at %s: register it, or name another"
              .formatted(domain, swf.endpoint()),
          e);
    }
    return new WorkerException(
        "SWF at %s refuses to register activity types in domain '%s' (%s): allow it, or don't register"
            .formatted(swf.endpoint(), domain, e.getMessage()),
        e);
  }
}
