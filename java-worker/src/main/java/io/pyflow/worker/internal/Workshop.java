package io.pyflow.worker.internal;

import io.pyflow.worker.WorkerMetrics;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** What all runs of activities in one worker share. */
public record Workshop(
    String domain,
    String taskList,
    Map<ActivityDefinition.Key, ActivityDefinition> definitions,
    Payloads payloads,
    Heart.Maker hearts,
    Scheduler scheduler,
    Answering responder,
    Answers answers,
    Interceptors interceptors,
    WorkerMetrics metrics,
    BooleanSupplier stopping) {}
