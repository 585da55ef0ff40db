package io.pyflow.worker.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.pyflow.codec.Failure;
import io.pyflow.testing.ActivityEnvironment;
import io.pyflow.testing.ActivityOutcome;
import io.pyflow.worker.Activities;
import io.pyflow.worker.Activity;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Records and classes of the application, in and out. */
class TypedActivitiesTest {
  public enum Size {
    SMALL,
    LARGE
  }

  public record Item(String name, BigDecimal price, Size size) {}

  /** A class in the style of beans, inside a record. */
  public static class Customer {
    private String name = "";
    private Optional<Instant> since = Optional.empty();

    public String getName() {
      return name;
    }

    public void setName(String value) {
      name = value;
    }

    public Optional<Instant> getSince() {
      return since;
    }

    public void setSince(Instant value) {
      since = Optional.ofNullable(value);
    }
  }

  public record Order(
      String id, Customer customer, List<Item> items, Map<String, Item> gifts, byte[] signature) {}

  public record Total(String order, BigDecimal sum, Instant at, byte[] signature, Item dearest) {}

  @Activities(version = "1")
  public static class Shop {
    @Activity
    public Total total(Order order) {
      BigDecimal sum =
          order.items().stream().map(Item::price).reduce(BigDecimal.ZERO, BigDecimal::add);
      return new Total(
          order.customer().getName() + "'s " + order.id(),
          sum,
          order.customer().getSince().orElseThrow(),
          order.signature(),
          order.gifts().get("dearest"));
    }

    @Activity
    public Customer rename(Customer customer) {
      customer.setName(customer.getName() + "!");
      return customer;
    }

    @Activity
    public int count(List<Item> items) {
      return items.size();
    }
  }

  private final ActivityEnvironment environment = ActivityEnvironment.of(new Shop());

  private static Map<String, Object> item(Object name, Object price, Object size) {
    return Map.of("name", name, "price", price, "size", size);
  }

  private static Map<String, Object> order() {
    Map<String, Object> order = new LinkedHashMap<>();
    order.put("id", "o1");
    order.put(
        "customer",
        Map.of("name", "Ada", "since", Instant.parse("2026-11-23T09:30:00.000000001Z")));
    order.put(
        "items", List.of(item("card", new BigDecimal("2.50"), "SMALL"), item("pen", 1, "LARGE")));
    order.put("gifts", Map.of("dearest", item("pen", "1.10", "LARGE")));
    order.put("signature", new byte[] {0, (byte) 0xff});
    return order;
  }

  @Test
  void anInputBecomesRecordsAndBeansHoweverDeep() {
    Total total = environment.call("total", order(), Total.class);
    assertThat(total.order()).isEqualTo("Ada's o1");
    assertThat(total.sum()).isEqualTo("3.50");
    assertThat(total.at()).isEqualTo("2026-11-23T09:30:00.000000001Z");
    assertThat(total.signature()).containsExactly(0, 0xff);
    assertThat(total.dearest()).isEqualTo(new Item("pen", new BigDecimal("1.10"), Size.LARGE));
  }

  @Test
  void aResultOfSuchATypeIsAValueAgain() {
    ActivityOutcome.Completed completed =
        (ActivityOutcome.Completed) environment.run("total", order());
    assertThat(completed.result())
        .isEqualTo(
            Map.of(
                "order",
                "Ada's o1",
                "sum",
                new BigDecimal("3.50"),
                "at",
                Instant.parse("2026-11-23T09:30:00.000000001Z"),
                "signature",
                io.pyflow.codec.Bytes.of((byte) 0, (byte) 0xff),
                "dearest",
                item("pen", new BigDecimal("1.10"), "LARGE")));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = ';',
      value = {
        "size; .items[1].size",
        "price; .items[1].price",
        "name; .items[1].name",
        "since; .customer.since",
        "gift; .gifts.dearest.price",
      })
  void anInputThatDoesNotFitIsAnArgumentErrorThatNamesThePlace(String wrong, String path) {
    Map<String, Object> order = order();
    switch (wrong) {
      case "size" -> order.put("items", List.of(item("a", 1, "SMALL"), item("b", 1, "HUGE")));
      case "price" -> order.put("items", List.of(item("a", 1, "SMALL"), item("b", "x", "SMALL")));
      case "name" ->
          order.put("items", List.of(item("a", 1, "SMALL"), item(List.of(), 1, "SMALL")));
      case "since" -> order.put("customer", Map.of("since", "yesterday"));
      default -> order.put("gifts", Map.of("dearest", item("pen", true, "SMALL")));
    }
    Failure failure = ((ActivityOutcome.Failed) environment.run("total", order)).failure();
    assertThat(failure.type()).isEqualTo("pyflow.ArgumentError");
    assertThat(failure.nonRetryable()).isTrue();
    assertThat(failure.message())
        .startsWith(
            "input of activity1 (total 1) does not fit %s: at %s:"
                .formatted(Order.class.getTypeName(), path));
  }

  @Test
  void aListOfRecordsIsReadAsSuch() {
    assertThat(environment.call("count", List.of(item("a", 1, "SMALL")), Integer.class))
        .isEqualTo(1);
    assertThat(environment.run("count", List.of("a")))
        .isInstanceOfSatisfying(
            ActivityOutcome.Failed.class,
            failed -> assertThat(failed.failure().message()).contains("at [0]:"));
  }

  public record Appointment(LocalDate day, Optional<Duration> length, OffsetDateTime booked) {}

  @Test
  void daysDurationsAndOptionalsAreIsoText() {
    environment.activity("same", "1", Appointment.class, (appointment, context) -> appointment);
    Map<String, Object> input =
        Map.of("day", "2026-11-23", "length", "PT30M", "booked", "2026-11-20T10:00:00+05:30");
    assertThat(environment.run("same", input)).isEqualTo(new ActivityOutcome.Completed(input));
  }

  @Test
  void aBeanGoesInAndOut() {
    Instant since = Instant.parse("2026-11-23T09:30:00Z");
    assertThat(environment.run("rename", Map.of("name", "Ada", "since", since)))
        .isEqualTo(new ActivityOutcome.Completed(Map.of("name", "Ada!", "since", since)));
  }
}
