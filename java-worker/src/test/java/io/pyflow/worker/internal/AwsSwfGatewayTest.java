package io.pyflow.worker.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The SDK itself against a server that answers as it is told. */
class AwsSwfGatewayTest {
  private final List<String> requests = new ArrayList<>();
  private HttpServer server;
  private SwfGateway gateway;
  private int status = 200;
  private String body = "";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
          String sent =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          requests.add(target.replace("SimpleWorkflowService.", "") + " " + sent);
          byte[] answer = body.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
          exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    gateway =
        new AwsSwfGateway(
            AwsClients.create(Optional.of(endpoint), Optional.empty(), 4),
            "shop",
            "me",
            endpoint.toString(),
            true);
  }

  @AfterEach
  void stop() {
    gateway.close();
    server.stop(0);
  }

  @Test
  void aPollWithoutATaskTokenIsEmpty() throws SwfException {
    body = "{\"startedEventId\":0}";
    assertThat(gateway.poll("cards")).isEmpty();
    body = "{\"taskToken\":\"\",\"startedEventId\":0}";
    assertThat(gateway.poll("cards")).isEmpty();
  }

  @Test
  void aTaskIsReadFromAPoll() throws SwfException {
    body =
        "{\"taskToken\":\"T\",\"activityId\":\"activity1\",\"startedEventId\":6,\"input\":\"[1]\","
            + "\"activityType\":{\"name\":\"charge\",\"version\":\"1\"},"
            + "\"workflowExecution\":{\"workflowId\":\"order-7\",\"runId\":\"R\"}}";
    assertThat(gateway.poll("cards"))
        .contains(
            new ActivityTask(
                "T", "activity1", "charge", "1", "order-7", "R", 6, Optional.of("[1]")));
    assertThat(requests)
        .containsExactly(
            "PollForActivityTask {\"domain\":\"shop\",\"taskList\":{\"name\":\"cards\"},\"identity\":\"me\"}");
  }

  @Test
  void nullIsLeftOutOfAnAnswer() throws SwfException {
    gateway.complete("T", null);
    gateway.cancel("T", null);
    assertThat(requests)
        .containsExactly(
            "RespondActivityTaskCompleted {\"taskToken\":\"T\"}",
            "RespondActivityTaskCanceled {\"taskToken\":\"T\"}");
  }

  @Test
  void aHeartbeatTellsOfACancelRequest() throws SwfException {
    body = "{\"cancelRequested\":true}";
    assertThat(gateway.heartbeat("T", "{}")).isTrue();
    body = "{\"cancelRequested\":false}";
    assertThat(gateway.heartbeat("T", null)).isFalse();
  }

  @Test
  void aTypeThatExistsIsNoError() throws SwfException {
    TypeRegistration type =
        new TypeRegistration("charge", "1", "", "cards", "NONE", "30", "NONE", "NONE");
    assertThat(gateway.register(type)).isTrue();
    status = 400;
    body = "{\"__type\":\"com.amazonaws.swf.base.model#TypeAlreadyExistsFault\",\"message\":\"x\"}";
    assertThat(gateway.register(type)).isFalse();
  }

  @ParameterizedTest(name = "HTTP {0} {1} is {2}")
  @CsvSource({
    "400, com.amazonaws.swf.base.model#UnknownResourceFault, UNKNOWN",
    "400, com.amazonaws.swf.base.model#LimitExceededFault, TRANSIENT",
    "400, com.amazonaws.swf.base.model#OperationNotPermittedFault, REFUSED",
    "400, com.amazon.coral.availability#ThrottlingException, TRANSIENT",
    "400, com.amazon.coral.validate#ValidationException, REFUSED",
    "403, com.amazon.coral.service#ExpiredTokenException, TRANSIENT",
    "403, com.amazon.coral.service#UnrecognizedClientException, REFUSED",
    "500, com.amazon.coral.service#InternalFailure, TRANSIENT",
    "503, ServiceUnavailable, TRANSIENT",
  })
  void faultsSayWhetherTheSameRequestMaySucceedLater(
      int httpStatus, String type, SwfException.Kind kind) {
    status = httpStatus;
    body = "{\"__type\":\"%s\",\"message\":\"no\"}".formatted(type);
    SwfException e = catchThrowableOfType(SwfException.class, () -> gateway.complete("T", "1"));
    assertThat(e.kind()).isEqualTo(kind);
    assertThat(requests).as("requests: the SDK is not to try again").hasSize(1);
  }

  @Test
  void aServerThatIsNotThereIsTransient() {
    server.stop(0);
    SwfException e = catchThrowableOfType(SwfException.class, () -> gateway.poll("cards"));
    assertThat(e.kind()).isEqualTo(SwfException.Kind.TRANSIENT);
    assertThat(e).hasMessageContaining("Connection refused");
  }
}
