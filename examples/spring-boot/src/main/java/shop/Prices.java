package shop;

import java.util.Map;
import org.springframework.stereotype.Service;

/** What things cost, in cents. */
@Service
public class Prices {
  private final Map<String, Integer> cents = Map.of("card", 250, "envelope", 45);

  public int of(String item) {
    return cents.getOrDefault(item, 0);
  }
}
