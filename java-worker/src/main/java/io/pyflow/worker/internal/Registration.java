package io.pyflow.worker.internal;

import io.pyflow.worker.WorkerException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Registers activity types, and says where those that exist already differ from the code. */
final class Registration {
  private static final Logger log = LoggerFactory.getLogger(Registration.class);
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private final SwfGateway swf;
  private final Scheduler scheduler;
  private final String domain;

  Registration(SwfGateway swf, Scheduler scheduler, String domain) {
    this.swf = swf;
    this.scheduler = scheduler;
    this.domain = domain;
  }

  void registerAll(Collection<TypeRegistration> types) {
    for (TypeRegistration type : types) {
      if (!patiently(() -> swf.register(type))) {
        warnOfDrift(type);
      }
    }
  }

  private void warnOfDrift(TypeRegistration wanted) {
    try {
      drift(wanted, swf.describe(wanted.name(), wanted.version())).forEach(log::warn);
    } catch (SwfException e) { // it is there, which is what counts
      log.warn(
          "activity type {} {} can't be compared: {}",
          wanted.name(),
          wanted.version(),
          e.getMessage());
    }
  }

  /** A sentence for each default that is registered otherwise than the code says. */
  static List<String> drift(TypeRegistration wanted, TypeRegistration found) {
    Map<String, String> registered = found.defaults();
    return wanted.defaults().entrySet().stream()
        .filter(each -> !each.getValue().equals(registered.get(each.getKey())))
        .map(
            each ->
                "activity type %s %s is registered with %s '%s', the code says '%s': a change needs a new version"
                    .formatted(
                        wanted.name(),
                        wanted.version(),
                        each.getKey(),
                        registered.get(each.getKey()),
                        each.getValue()))
        .toList();
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
