package io.pyflow.worker.internal;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pyflow.worker.WorkerException;
import io.pyflow.worker.WorkerHealth;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Serves {@code /metrics} and {@code /health}, on loopback only. */
final class MetricsServer implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int UNAVAILABLE = 503;

  private final HttpServer server;
  private final ExecutorService thread;

  /** On a port, which is a free one for 0. */
  MetricsServer(int port, Statistics statistics, Supplier<WorkerHealth> health) {
    try {
      server = HttpServer.create(new InetSocketAddress(HOST, port), 0);
    } catch (IOException | IllegalArgumentException e) {
      throw new WorkerException(
          "metrics can't be served at %s:%d: %s".formatted(HOST, port, e.getMessage()), e);
    }
    thread = Executors.newSingleThreadExecutor(Threads.named("pyflow-metrics", true));
    server.setExecutor(thread);
    server.createContext("/", exchange -> tell(exchange, statistics, health.get()));
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  private static void tell(HttpExchange exchange, Statistics statistics, WorkerHealth health)
      throws IOException {
    switch (exchange.getRequestURI().getPath()) {
      case "/metrics" -> tell(exchange, OK, TEXT, Exposition.metrics(statistics, health));
      case "/health" -> {
        int status = health.status() == WorkerHealth.Status.OK ? OK : UNAVAILABLE;
        tell(exchange, status, "application/json", Exposition.health(health));
      }
      default -> tell(exchange, NOT_FOUND, TEXT, "there are /metrics and /health\n");
    }
  }

  private static void tell(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length);
    try (exchange) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    thread.shutdown();
  }
}
