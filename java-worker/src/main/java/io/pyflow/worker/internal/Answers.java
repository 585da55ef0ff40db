package io.pyflow.worker.internal;

import io.pyflow.codec.ArgumentException;
import io.pyflow.codec.EncodedFailure;
import io.pyflow.codec.Failure;
import io.pyflow.codec.PayloadEncodeException;
import io.pyflow.codec.PayloadException;
import io.pyflow.codec.PayloadOptions;
import io.pyflow.codec.PayloadTooLargeException;
import io.pyflow.codec.PayloadUnavailableException;
import io.pyflow.codec.UnknownCodecException;
import io.pyflow.codec.UnsupportedPayloadVersionException;
import io.pyflow.codec.internal.Refusal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what happened into what SWF is told (worker.md, "Answers"), with the reserved types. */
public final class Answers {
  static final String SHUTDOWN = "pyflow.WorkerShutdown";
  static final String ARGUMENT = "pyflow.ArgumentError";
  private static final Logger log = LoggerFactory.getLogger(Answers.class);

  private final Payloads payloads;
  private final boolean includeStacks;

  public Answers(Payloads payloads, boolean includeStacks) {
    this.payloads = payloads;
    this.includeStacks = includeStacks;
  }

  Outcome returned(@Nullable Object result, String what) {
    if (result == null) {
      return new Outcome.Completed(null);
    }
    try {
      return new Outcome.Completed(payloads.encode(result, PayloadOptions.of(what)));
    } catch (PayloadTooLargeException e) {
      return refused("pyflow.ResultTooLarge", e.getMessage());
    } catch (PayloadEncodeException e) {
      return refused("pyflow.ResultEncodeError", e.getMessage());
    } catch (PayloadUnavailableException e) {
      return unreadable(e);
    }
  }

  Outcome threw(Throwable error) {
    return failed(Failures.of(error));
  }

  Outcome canceled(Optional<Object> details, String what) {
    try {
      return new Outcome.Canceled(
          details.map(value -> payloads.encode(value, PayloadOptions.of(what))).orElse(null));
    } catch (PayloadEncodeException | PayloadUnavailableException e) {
      log.warn("{} are left out: {}", what, e.getMessage());
      return new Outcome.Canceled(null);
    }
  }

  /** The input could not be read, so the activity was not called. */
  Outcome unreadable(PayloadException error) {
    if (error instanceof UnsupportedPayloadVersionException) {
      return refused("pyflow.UnsupportedPayloadVersion", error.getMessage());
    } else if (error instanceof UnknownCodecException) {
      return failed(Failure.of("pyflow.UnknownCodec", error.getMessage(), false));
    } else if (error instanceof PayloadUnavailableException) {
      return failed(Failure.of("pyflow.PayloadUnavailable", error.getMessage(), false));
    } else if (error instanceof ArgumentException) {
      return refused(ARGUMENT, error.getMessage());
    }
    return refused("pyflow.PayloadDecodeError", error.getMessage());
  }

  Outcome unknownType(String message) {
    return failed(Failure.of("pyflow.UnknownActivityType", message, false));
  }

  Outcome shutdown() {
    return failed(Failure.of(SHUTDOWN, Refusal.WORKER_SHUTDOWN.sentence(), false));
  }

  private Outcome refused(String type, String message) {
    return failed(Failure.of(type, message, true));
  }

  private Outcome failed(Failure failure) {
    EncodedFailure encoded = payloads.converter().encodeFailure(failure, includeStacks);
    return new Outcome.Failed(encoded.reason(), encoded.details());
  }
}
