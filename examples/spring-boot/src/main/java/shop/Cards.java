package shop;

import io.pyflow.worker.Activity;
import io.pyflow.worker.ApplicationFailure;
import org.springframework.stereotype.Component;

/** A bean with an activity; it may have what every bean has. */
@Component
public class Cards {
  private final Prices prices;

  public Cards(Prices prices) {
    this.prices = prices;
  }

  public record Order(String id, String item, int count) {}

  public record Receipt(String order, int cents) {}

  @Activity(name = "charge", version = "1", startToCloseTimeout = "PT30S")
  public Receipt charge(Order order) {
    int cents = prices.of(order.item()) * order.count();
    if (cents <= 0) {
      throw ApplicationFailure.nonRetryable("BadAmount", "nothing to charge for " + order.id());
    }
    return new Receipt(order.id(), cents);
  }
}
