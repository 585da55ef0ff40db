package io.pyflow.worker.internal;

import java.util.Map;
import java.util.function.BooleanSupplier;

/** What all runs of activities in one worker share. */
record Workshop(
    String domain,
    String taskList,
    Map<ActivityDefinition.Key, ActivityDefinition> definitions,
    Payloads payloads,
    SwfGateway swf,
    Scheduler scheduler,
    Responder responder,
    Answers answers,
    BooleanSupplier stopping) {}
