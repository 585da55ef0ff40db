package io.pyflow.worker.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** SWF's wire for one worker in a process of its own: it hands out tasks and keeps the answers. */
final class StubSwf implements AutoCloseable {
  private static final String TASK =
      """
      {"taskToken":"t","activityId":"activity1","startedEventId":6,
       "activityType":{"name":"%s","version":"1"},"workflowExecution":{"workflowId":"w","runId":"r"}}""";

  private final BlockingQueue<String> tasks = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  StubSwf() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  void schedule(String activity) {
    tasks.add(TASK.formatted(activity));
  }

  /** The next answer, as its operation and its JSON; waits for it. */
  String nextAnswer() throws InterruptedException {
    String answer = answers.poll(60, TimeUnit.SECONDS);
    if (answer == null) {
      throw new AssertionError("no answer came");
    }
    return answer;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    String operation = target.substring(target.indexOf('.') + 1);
    if (operation.startsWith("Respond")) {
      answers.add(operation + request);
    }
    byte[] body =
        (operation.equals("PollForActivityTask") ? poll() : "{}").getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
    exchange.sendResponseHeaders(200, body.length);
    try (exchange) {
      exchange.getResponseBody().write(body);
    }
  }

  private String poll() {
    try {
      String task = tasks.poll(200, TimeUnit.MILLISECONDS);
      return task == null ? "{}" : task;
    } catch (InterruptedException e) {
      return "{}";
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
