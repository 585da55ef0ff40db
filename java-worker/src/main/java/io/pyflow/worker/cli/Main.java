package io.pyflow.worker.cli;

import io.pyflow.codec.PayloadConverter;
import io.pyflow.tracing.Tracing;
import io.pyflow.worker.ActivityWorker;
import io.pyflow.worker.WorkerException;
import io.pyflow.worker.internal.EndingSignals;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.event.Level;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The worker's command line. Exit 0 after a clean drain, 1 if tasks were given up, 2 for bad input;
 * what is wrong is one sentence on stderr.
 */
@Command(
    name = "pyflow-worker",
    version = "pyflow-worker 3.0.0",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = "Runs activities for Amazon SWF until it gets SIGTERM or SIGINT, then drains.")
public final class Main implements Callable<Integer> {
  private static final int CLEAN = 0;
  private static final int ABANDONED = 1;
  private static final int BAD_INPUT = 2;

  @Option(
      names = "--domain",
      required = true,
      defaultValue = "${env:PYFLOW_DOMAIN}",
      description = "The SWF domain (default: $PYFLOW_DOMAIN).")
  private String domain = "";

  @Option(names = "--task-list", required = true, description = "The task list to poll.")
  private String taskList = "";

  @Option(
      names = "--activities",
      required = true,
      paramLabel = "CLASS",
      description =
          "A class with activities and a public constructor without parameters; repeatable.")
  private List<String> activities = List.of();

  @Option(
      names = "--endpoint-url",
      paramLabel = "URL",
      description = "Where SWF is (default: $AWS_ENDPOINT_URL_SWF, $AWS_ENDPOINT_URL, AWS).")
  private Optional<URI> endpoint = Optional.empty();

  @Option(names = "--region", description = "The AWS region.")
  private Optional<String> region = Optional.empty();

  @Option(
      names = "--concurrency",
      defaultValue = "10",
      paramLabel = "N",
      description = "Activities at a time (default: 10).")
  private int concurrency;

  @Option(
      names = "--pollers",
      defaultValue = "2",
      paramLabel = "N",
      description = "Polls at a time (default: 2).")
  private int pollers;

  @Option(
      names = "--graceful-timeout",
      defaultValue = "70",
      paramLabel = "SECONDS",
      description = "How long running activities may go on after SIGTERM (default: 70).")
  private double gracefulTimeout;

  @Option(names = "--identity", description = "Who polls, for the histories (default: PID@HOST).")
  private Optional<String> identity = Optional.empty();

  @Option(
      names = "--register",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Whether to register the activity types first (default: yes).")
  private boolean register;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description =
          "JSON of the keys that payloads are encrypted with (default: $PYFLOW_KEY_FILE).")
  private Optional<Path> keyFile = Optional.empty();

  @Option(
      names = "--store",
      paramLabel = "[NAME=]FOLDER",
      description =
          "Where values are kept that SWF can't hold; repeatable, the first is written to (default: $PYFLOW_STORE).")
  private List<String> stores = List.of();

  @Option(
      names = "--strict-registration",
      description = "Don't start if a type is registered with other defaults than the code's.")
  private boolean strictRegistration;

  @Option(
      names = "--metrics-port",
      paramLabel = "PORT",
      description = "Serve /metrics and /health there, on 127.0.0.1; 0 for a free port.")
  private Optional<Integer> metricsPort = Optional.empty();

  @Option(
      names = "--log-format",
      defaultValue = "text",
      paramLabel = "FORMAT",
      description = "How lines of the log look: text or json (default: text).")
  private LogFormat logFormat = LogFormat.TEXT;

  @Option(
      names = "--log-level",
      defaultValue = "info",
      paramLabel = "LEVEL",
      description = "What is logged: debug, info, warn or error (default: info).")
  private Level logLevel = Level.INFO;

  @Option(
      names = "--configure",
      paramLabel = "CLASS",
      description = "A WorkerConfigurer, for interceptors, codecs and the like; repeatable.")
  private List<String> configurers = List.of();

  @Option(
      names = "--tracing",
      paramLabel = "PROTOCOL",
      description = "otlp: send spans by OTLP over HTTP, as the variables OTEL_... say.")
  private Optional<TracingProtocol> tracing = Optional.empty();

  private final PrintStream out;
  private final PrintStream err;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicInteger exitCode = new AtomicInteger(CLEAN);

  private Main(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /**
   * Runs the command; the process ends with its exit code.
   *
   * @param arguments see {@code --help}
   */
  public static void main(String[] arguments) {
    Main main = new Main(System.out, System.err);
    int code = main.run(arguments);
    main.exitCode.set(code);
    main.ended.countDown();
    System.exit(code);
  }

  /** The command with other streams, and without ending the process. */
  static int run(PrintStream out, PrintStream err, String... arguments) {
    return new Main(out, err).run(arguments);
  }

  private int run(String... arguments) {
    return new CommandLine(this)
        .setOut(new PrintWriter(out, true))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler((e, given) -> refuse(e.getMessage()))
        .setExecutionExceptionHandler((e, command, result) -> refuse(sentence(e)))
        .execute(arguments);
  }

  private int refuse(String message) {
    String first = message.lines().findFirst().orElse("");
    err.println("pyflow-worker: " + decapitalized(first));
    return BAD_INPUT;
  }

  private static String decapitalized(String sentence) {
    boolean word =
        sentence.length() > 1
            && Character.isUpperCase(sentence.charAt(0))
            && Character.isLowerCase(sentence.charAt(1));
    return word
        ? sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1)
        : sentence;
  }

  private static String sentence(Exception e) {
    return e instanceof WorkerException || e instanceof IllegalArgumentException
        ? String.valueOf(e.getMessage())
        : e.toString();
  }

  @Override
  public Integer call() {
    Log.setUp(logFormat, logLevel); // nothing has logged yet
    Optional<Tracing> spans = tracing.map(protocol -> Tracing.otlp());
    ActivityWorker worker = worker(spans);
    Thread hook = new Thread(() -> end(worker), "pyflow-shutdown");
    EndingSignals signals = EndingSignals.to(worker::close, worker::hurry);
    try (signals;
        worker) {
      worker.start();
      Runtime.getRuntime().addShutdownHook(hook);
      out.println("ready" + metricsAddress(worker));
      out.flush();
      worker.awaitTermination();
      return worker.abandoned() == 0 ? CLEAN : ABANDONED;
    } finally {
      remove(hook);
      spans.ifPresent(Tracing::close);
    }
  }

  private static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the JVM is shutting down: the hook runs
    }
  }

  /**
   * Where a signal, or an activity that calls {@code System.exit}, shuts down the JVM itself. The
   * exit code would be theirs then: only a halt can say 0.
   */
  private void end(ActivityWorker worker) {
    worker.close();
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(exitCode.get());
  }

  private static String metricsAddress(ActivityWorker worker) {
    OptionalInt port = worker.metricsPort();
    return port.isPresent() ? ", metrics at http://127.0.0.1:" + port.getAsInt() : "";
  }

  /** How spans leave the process. */
  enum TracingProtocol {
    OTLP
  }

  private ActivityWorker worker(Optional<Tracing> spans) {
    ActivityWorker.Builder builder =
        ActivityWorker.builder()
            .domain(domain)
            .taskList(taskList)
            .concurrency(concurrency)
            .pollers(pollers)
            .gracefulTimeout(Duration.ofMillis(Math.round(gracefulTimeout * 1_000)))
            .registration(register)
            .strictRegistration(strictRegistration);
    endpoint.ifPresent(builder::endpoint);
    region.ifPresent(builder::region);
    identity.ifPresent(builder::identity);
    metricsPort.ifPresent(builder::metricsPort);
    keyFile
        .or(() -> environment("PYFLOW_KEY_FILE").map(Path::of))
        .map(Configuration::keyRing)
        .ifPresent(ring -> builder.converter(PayloadConverter.standard().withKeys(ring)));
    (stores.isEmpty() ? environment("PYFLOW_STORE").stream() : stores.stream())
        .map(Configuration::store)
        .forEach(store -> builder.store(store.getKey(), store.getValue()));
    activities.forEach(name -> builder.register(Instances.of(name)));
    spans.ifPresent(builder::interceptor);
    configurers.forEach(name -> Instances.configurer(name).configure(builder));
    return builder.build();
  }

  private static Optional<String> environment(String name) {
    return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isEmpty());
  }
}
