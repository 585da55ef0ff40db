package shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.pyflow.testing.ActivityEnvironment;
import io.pyflow.testing.ActivityOutcome;
import org.junit.jupiter.api.Test;
import shop.Cards.Order;
import shop.Cards.Receipt;

/** Activities are tested without Spring and without SWF. */
class CardsTest {
  private final ActivityEnvironment environment =
      ActivityEnvironment.of(new Cards(new Prices()));

  @Test
  void anOrderIsCharged() {
    assertThat(environment.call("charge", new Order("o1", "card", 3), Receipt.class))
        .isEqualTo(new Receipt("o1", 750));
  }

  @Test
  void nothingIsChargedForWhatNobodySells() {
    ActivityOutcome outcome = environment.run("charge", new Order("o1", "stamp", 3));
    assertThat(((ActivityOutcome.Failed) outcome).failure().type()).isEqualTo("BadAmount");
  }
}
