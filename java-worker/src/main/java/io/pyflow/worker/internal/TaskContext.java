package io.pyflow.worker.internal;

import io.pyflow.codec.PayloadConverter;
import io.pyflow.worker.ActivityContext;
import io.pyflow.worker.ActivityInfo;
import io.pyflow.worker.Cancellation;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The context of one run. */
record TaskContext(
    ActivityInfo info,
    Cancellation cancellation,
    Heart heart,
    PayloadConverter converter,
    BooleanSupplier stopping,
    AtomicBoolean deferred)
    implements ActivityContext {

  @Override
  public void heartbeat(@Nullable Object details) {
    cancellation.check();
    heart.beat(converter.encodeHeartbeat(details).orElse(null));
  }

  @Override
  public <T> Optional<T> lastHeartbeat(Class<T> type) {
    return info.lastHeartbeat()
        .map(details -> type.cast(converter.read(details, type, "last heartbeat of " + info)));
  }

  @Override
  public String completeLater() {
    deferred.set(true);
    return info.taskToken();
  }

  @Override
  public boolean isDeferred() {
    return deferred.get();
  }

  @Override
  public boolean isWorkerStopping() {
    return stopping.getAsBoolean();
  }
}
