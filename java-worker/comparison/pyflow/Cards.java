import io.pyflow.worker.Activity;
import io.pyflow.worker.ActivityContext;
import io.pyflow.worker.ActivityWorker;
import io.pyflow.worker.ApplicationFailure;
import java.util.Map;

/** One activity and its worker, with pyflow. */
public class Cards {
  public record Order(String id, int cents) {}

  public record Receipt(String order, int cents) {}

  @Activity(version = "1", startToCloseTimeout = "PT30S", heartbeatTimeout = "PT10S")
  public Receipt charge(Order order, ActivityContext context) {
    if (order.cents() <= 0) {
      throw ApplicationFailure.nonRetryable("BadAmount", "nothing to charge for " + order.id());
    }
    context.heartbeat(Map.of("charging", order.id()));
    return new Receipt(order.id(), order.cents());
  }

  public static void main(String[] arguments) {
    var worker =
        ActivityWorker.builder().domain("shop").taskList("cards").register(new Cards()).build();
    try (worker) {
      worker.run();
    }
  }
}
