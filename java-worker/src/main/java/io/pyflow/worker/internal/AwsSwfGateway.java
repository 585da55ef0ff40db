package io.pyflow.worker.internal;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.swf.SwfClient;
import software.amazon.awssdk.services.swf.model.ActivityType;
import software.amazon.awssdk.services.swf.model.ActivityTypeConfiguration;
import software.amazon.awssdk.services.swf.model.LimitExceededException;
import software.amazon.awssdk.services.swf.model.PollForActivityTaskResponse;
import software.amazon.awssdk.services.swf.model.TaskList;
import software.amazon.awssdk.services.swf.model.TypeAlreadyExistsException;
import software.amazon.awssdk.services.swf.model.UnknownResourceException;

/** SWF through the AWS SDK; the only class that knows its requests. */
public final class AwsSwfGateway implements SwfGateway {
  private static final int SERVER_ERROR = 500;
  private static final Set<String> EXPIRED =
      Set.of("ExpiredToken", "ExpiredTokenException", "RequestExpired", "RequestTimeout");

  /** An answer or a heartbeat takes milliseconds; a poll has the socket's 75 s. */
  private static final AwsRequestOverrideConfiguration SHORT =
      AwsRequestOverrideConfiguration.builder().apiCallTimeout(Duration.ofSeconds(20)).build();

  private final SwfClient client;
  private final String domain;
  private final String identity;
  private final String endpoint;
  private final boolean owned;

  /** A gateway that closes the client only if it owns it. */
  public AwsSwfGateway(
      SwfClient client, String domain, String identity, String endpoint, boolean owned) {
    this.client = client;
    this.domain = domain;
    this.identity = identity;
    this.endpoint = endpoint;
    this.owned = owned;
  }

  @Override
  public Optional<ActivityTask> poll(String taskList) throws SwfException {
    PollForActivityTaskResponse task =
        request(
            () ->
                client.pollForActivityTask(
                    poll ->
                        poll.domain(domain)
                            .taskList(TaskList.builder().name(taskList).build())
                            .identity(identity)));
    if (task.taskToken() == null || task.taskToken().isEmpty()) {
      return Optional.empty(); // absent as a rule, empty by the documentation
    }
    return Optional.of(
        new ActivityTask(
            task.taskToken(),
            task.activityId(),
            task.activityType().name(),
            task.activityType().version(),
            task.workflowExecution().workflowId(),
            task.workflowExecution().runId(),
            task.startedEventId() == null ? 0 : task.startedEventId(),
            Optional.ofNullable(task.input())));
  }

  @Override
  public boolean heartbeat(String taskToken, @Nullable String details) throws SwfException {
    return request(
        () ->
            Boolean.TRUE.equals(
                client
                    .recordActivityTaskHeartbeat(
                        beat ->
                            beat.taskToken(taskToken).details(details).overrideConfiguration(SHORT))
                    .cancelRequested()));
  }

  @Override
  public void complete(String taskToken, @Nullable String result) throws SwfException {
    request(
        () ->
            client.respondActivityTaskCompleted(
                answer -> answer.taskToken(taskToken).result(result).overrideConfiguration(SHORT)));
  }

  @Override
  public void cancel(String taskToken, @Nullable String details) throws SwfException {
    request(
        () ->
            client.respondActivityTaskCanceled(
                answer ->
                    answer.taskToken(taskToken).details(details).overrideConfiguration(SHORT)));
  }

  @Override
  public void fail(String taskToken, String reason, String details) throws SwfException {
    request(
        () ->
            client.respondActivityTaskFailed(
                answer ->
                    answer
                        .taskToken(taskToken)
                        .reason(reason)
                        .details(details)
                        .overrideConfiguration(SHORT)));
  }

  @Override
  public boolean register(TypeRegistration type) throws SwfException {
    return request(
        () -> {
          try {
            client.registerActivityType(
                request ->
                    request
                        .domain(domain)
                        .name(type.name())
                        .version(type.version())
                        .description(type.description().isEmpty() ? null : type.description())
                        .defaultTaskList(TaskList.builder().name(type.taskList()).build())
                        .defaultTaskScheduleToStartTimeout(type.scheduleToStart())
                        .defaultTaskStartToCloseTimeout(type.startToClose())
                        .defaultTaskScheduleToCloseTimeout(type.scheduleToClose())
                        .defaultTaskHeartbeatTimeout(type.heartbeat())
                        .overrideConfiguration(SHORT));
            return true;
          } catch (TypeAlreadyExistsException e) {
            return false;
          }
        });
  }

  @Override
  public TypeRegistration describe(String name, String version) throws SwfException {
    ActivityTypeConfiguration found =
        request(
            () ->
                client
                    .describeActivityType(
                        request ->
                            request
                                .domain(domain)
                                .activityType(
                                    ActivityType.builder().name(name).version(version).build())
                                .overrideConfiguration(SHORT))
                    .configuration());
    return new TypeRegistration(
        name,
        version,
        "",
        found.defaultTaskList() == null ? "" : orEmpty(found.defaultTaskList().name()),
        orEmpty(found.defaultTaskScheduleToStartTimeout()),
        orEmpty(found.defaultTaskStartToCloseTimeout()),
        orEmpty(found.defaultTaskScheduleToCloseTimeout()),
        orEmpty(found.defaultTaskHeartbeatTimeout()));
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  @Override
  public String endpoint() {
    return endpoint;
  }

  @Override
  public void close() {
    if (owned) {
      client.close();
    }
  }

  private static <T> T request(Supplier<T> call) throws SwfException {
    try {
      return call.get();
    } catch (UnknownResourceException e) {
      throw new SwfException(SwfException.Kind.UNKNOWN, message(e), e);
    } catch (LimitExceededException e) {
      throw new SwfException(SwfException.Kind.TRANSIENT, message(e), e);
    } catch (AwsServiceException e) {
      throw new SwfException(
          passes(e) ? SwfException.Kind.TRANSIENT : SwfException.Kind.REFUSED, message(e), e);
    } catch (SdkClientException e) {
      throw new SwfException(SwfException.Kind.TRANSIENT, network(e), e);
    } catch (SdkException | IllegalStateException e) { // the latter: the client was closed
      throw new SwfException(SwfException.Kind.TRANSIENT, String.valueOf(e.getMessage()), e);
    }
  }

  private static boolean passes(AwsServiceException e) {
    return e.isThrottlingException()
        || e.isClockSkewException()
        || e.statusCode() >= SERVER_ERROR
        || EXPIRED.contains(code(e));
  }

  private static String message(AwsServiceException e) {
    String text = e.awsErrorDetails() == null ? e.getMessage() : e.awsErrorDetails().errorMessage();
    return code(e) + (text == null || text.isEmpty() ? "" : ": " + text);
  }

  private static String code(AwsServiceException e) {
    return e.awsErrorDetails() == null ? "HTTP " + e.statusCode() : e.awsErrorDetails().errorCode();
  }

  /** The innermost message: "Connection refused" rather than what wraps it. */
  private static String network(SdkClientException e) {
    Throwable innermost = e;
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    String message = String.valueOf(innermost.getMessage());
    return message.lines().findFirst().orElse(innermost.getClass().getSimpleName());
  }
}
