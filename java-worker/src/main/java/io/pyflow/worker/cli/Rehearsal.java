package io.pyflow.worker.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pyflow.worker.Activity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A worker's day in a second, so that the JVM can write down the classes that it takes: {@code java
 * -XX:ArchiveClassesAtExit=…}. Starts the command line against a stand-in for SWF, which has one
 * task, and then refuses to be polled.
 */
final class Rehearsal {
  private static final String TASK =
      """
      {"taskToken":"t","activityId":"activity1","startedEventId":6,"input":"{\\"text\\":\\"hi\\"}",
       "activityType":{"name":"say","version":"1"},"workflowExecution":{"workflowId":"w","runId":"r"}}""";
  private static final String REFUSAL =
      "{\"__type\":\"com.amazonaws.swf.base.model#UnknownResourceFault\",\"message\":\"over\"}";
  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;

  private static final AtomicInteger POLLS = new AtomicInteger();

  private Rehearsal() {}

  /** What `say` takes. */
  public record Line(String text) {}

  /** The activities of the rehearsal. */
  public static final class Stage {
    /** Made by the command line. */
    public Stage() {}

    /** Says it again. */
    @Activity(version = "1")
    public Line say(Line line) {
      return line;
    }
  }

  public static void main(String[] arguments) throws IOException {
    HttpServer swf =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    swf.setExecutor(Executors.newCachedThreadPool());
    swf.createContext("/", Rehearsal::answer);
    swf.start();
    PrintStream nowhere = new PrintStream(new ByteArrayOutputStream());
    Main.run(
        nowhere,
        nowhere,
        ("--log-level error --domain d --task-list t --pollers 1 --metrics-port 0 --activities "
                + Stage.class.getName()
                + " --endpoint-url http://127.0.0.1:"
                + swf.getAddress().getPort())
            .split(" "));
    System.exit(0);
  }

  private static void answer(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    String operation = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    boolean poll = operation.endsWith(".PollForActivityTask");
    int count = poll ? POLLS.incrementAndGet() : 0;
    byte[] body =
        (count == 0 ? "{}" : count == 1 ? TASK : REFUSAL).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
    exchange.sendResponseHeaders(count > 1 ? BAD_REQUEST : OK, body.length);
    try (exchange) {
      exchange.getResponseBody().write(body);
    }
  }
}
