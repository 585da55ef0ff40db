import com.amazonaws.ClientConfiguration;
import com.amazonaws.services.simpleworkflow.AmazonSimpleWorkflow;
import com.amazonaws.services.simpleworkflow.AmazonSimpleWorkflowClientBuilder;
import com.amazonaws.services.simpleworkflow.flow.ActivityExecutionContextProvider;
import com.amazonaws.services.simpleworkflow.flow.ActivityExecutionContextProviderImpl;
import com.amazonaws.services.simpleworkflow.flow.ActivityWorker;
import java.util.concurrent.TimeUnit;

/** Written from the framework's public interface; not compiled and not run here. */
public class Cards implements CardsActivities {
  private final ActivityExecutionContextProvider provider =
      new ActivityExecutionContextProviderImpl();

  public static class BadAmount extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BadAmount(String message) {
      super(message);
    }
  }

  @Override
  public Receipt charge(Order order) {
    if (order.getCents() <= 0) {
      throw new BadAmount("nothing to charge for " + order.getId());
    }
    provider.getActivityExecutionContext().recordActivityHeartbeat(order.getId());
    return new Receipt(order.getId(), order.getCents());
  }

  public static void main(String[] arguments) throws Exception {
    ClientConfiguration configuration = new ClientConfiguration().withSocketTimeout(70_000);
    AmazonSimpleWorkflow swf =
        AmazonSimpleWorkflowClientBuilder.standard()
            .withClientConfiguration(configuration)
            .build();
    ActivityWorker worker = new ActivityWorker(swf, "shop", "cards");
    worker.addActivitiesImplementation(new Cards());
    worker.start();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    worker.shutdownAndAwaitTermination(70, TimeUnit.SECONDS);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                }));
  }
}
