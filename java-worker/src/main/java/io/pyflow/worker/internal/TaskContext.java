package io.pyflow.worker.internal;

import io.pyflow.codec.PayloadConverter;
import io.pyflow.worker.ActivityContext;
import io.pyflow.worker.ActivityInfo;
import io.pyflow.worker.Cancellation;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The context of one run. */
record TaskContext(
    ActivityInfo info,
    Cancellation cancellation,
    Heartbeat heart,
    PayloadConverter converter,
    BooleanSupplier stopping)
    implements ActivityContext {

  @Override
  public void heartbeat(@Nullable Object details) {
    cancellation.check();
    heart.beat(converter.encodeHeartbeat(details).orElse(null));
  }

  @Override
  public boolean isWorkerStopping() {
    return stopping.getAsBoolean();
  }
}
