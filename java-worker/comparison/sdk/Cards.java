import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.swf.SwfClient;
import software.amazon.awssdk.services.swf.model.PollForActivityTaskResponse;
import software.amazon.awssdk.services.swf.model.TypeAlreadyExistsException;
import software.amazon.awssdk.services.swf.model.UnknownResourceException;

/**
 * The same activity on the SDK alone. It polls with free slots, answers, and waits for its tasks on
 * SIGTERM; it does not retry answers, throttle heartbeats, beat by itself, heed cancels, warn of
 * drifted types or say more of a failure than its message.
 */
public class Cards {
  public record Order(String id, int cents) {}

  public record Receipt(String order, int cents) {}

  public static class BadAmount extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BadAmount(String message) {
      super(message);
    }
  }

  private static final String DOMAIN = "shop";
  private static final String TASK_LIST = "cards";
  private static final int SLOTS = 10;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final SwfClient swf =
      SwfClient.builder()
          .httpClientBuilder(
              ApacheHttpClient.builder().socketTimeout(java.time.Duration.ofSeconds(75)))
          .build();
  private final Semaphore slots = new Semaphore(SLOTS);
  private final ExecutorService threads = Executors.newFixedThreadPool(SLOTS);
  private volatile boolean stopping;

  Receipt charge(Order order, String taskToken) throws Exception {
    if (order.cents() <= 0) {
      throw new BadAmount("nothing to charge for " + order.id());
    }
    String details = JSON.writeValueAsString(Map.of("charging", order.id()));
    swf.recordActivityTaskHeartbeat(beat -> beat.taskToken(taskToken).details(details));
    return new Receipt(order.id(), order.cents());
  }

  void register() {
    try {
      swf.registerActivityType(
          type ->
              type.domain(DOMAIN)
                  .name("charge")
                  .version("1")
                  .defaultTaskList(list -> list.name(TASK_LIST))
                  .defaultTaskScheduleToStartTimeout("NONE")
                  .defaultTaskStartToCloseTimeout("30")
                  .defaultTaskScheduleToCloseTimeout("NONE")
                  .defaultTaskHeartbeatTimeout("10"));
    } catch (TypeAlreadyExistsException e) {
      // it is there
    }
  }

  void poll() throws InterruptedException {
    while (!stopping) {
      slots.acquire();
      PollForActivityTaskResponse task;
      try {
        task =
            swf.pollForActivityTask(
                poll -> poll.domain(DOMAIN).taskList(list -> list.name(TASK_LIST)));
      } catch (RuntimeException e) {
        System.err.println("a poll failed: " + e);
        slots.release();
        Thread.sleep(1_000);
        continue;
      }
      if (task.taskToken() == null) {
        slots.release();
        continue;
      }
      threads.execute(
          () -> {
            try {
              perform(task);
            } finally {
              slots.release();
            }
          });
    }
  }

  void perform(PollForActivityTaskResponse task) {
    try {
      String result = answer(task);
      swf.respondActivityTaskCompleted(it -> it.taskToken(task.taskToken()).result(result));
    } catch (UnknownResourceException e) {
      System.err.println("SWF has given up " + task.activityId());
    } catch (Exception e) {
      String reason = e.getClass().getSimpleName();
      String details = String.valueOf(e.getMessage());
      swf.respondActivityTaskFailed(
          it -> it.taskToken(task.taskToken()).reason(reason).details(details));
    }
  }

  String answer(PollForActivityTaskResponse task) throws Exception {
    if (task.activityType().name().equals("charge") && task.activityType().version().equals("1")) {
      Order order = JSON.readValue(task.input(), Order.class);
      return JSON.writeValueAsString(charge(order, task.taskToken()));
    }
    throw new IllegalArgumentException("no activity " + task.activityType().name());
  }

  void stop() {
    stopping = true;
    try {
      slots.acquire(SLOTS); // polls in flight hold one each
      threads.shutdown();
      threads.awaitTermination(70, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  public static void main(String[] arguments) throws InterruptedException {
    Cards cards = new Cards();
    cards.register();
    Runtime.getRuntime().addShutdownHook(new Thread(cards::stop));
    cards.poll();
  }
}
