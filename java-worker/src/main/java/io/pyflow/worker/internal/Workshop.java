package io.pyflow.worker.internal;

import io.pyflow.codec.PayloadConverter;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** What all runs of activities in one worker share. */
record Workshop(
    String domain,
    String taskList,
    Map<ActivityDefinition.Key, ActivityDefinition> definitions,
    PayloadConverter converter,
    SwfGateway swf,
    Scheduler scheduler,
    Responder responder,
    Answers answers,
    BooleanSupplier stopping) {}
