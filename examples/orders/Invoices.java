import io.pyflow.worker.Activities;
import io.pyflow.worker.Activity;
import io.pyflow.worker.ApplicationFailure;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Currency;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The Java activities: they render an order's invoice as a web page, and take one back. */
@Activities(version = "1.0", taskList = "invoices")
public class Invoices {

  /**
   * What an invoice is made of. Amounts come as decimals, the time as an instant, the attachment as
   * bytes.
   */
  public record Order(
      long order,
      Customer customer,
      String currency,
      List<Item> items,
      Attachment attachment,
      Map<String, BigDecimal> price,
      Instant issued) {}

  /** Who pays. */
  public record Customer(String name, String country) {}

  /** A line of the invoice; the price is of one piece. */
  public record Item(String name, int quantity, String price) {}

  /** What the customer sent along, such as a picture for the card. */
  public record Attachment(String media_type, byte[] data) {}

  /** Which invoice to take back, and why. */
  public record Withdrawal(String number, String reason) {}

  /**
   * Renders the invoice.
   *
   * @return its number, whom it is for, the web page as bytes, and the attachment's fingerprint, if
   *     there is one
   */
  @Activity(name = "render_invoice", startToCloseTimeout = "PT30S")
  public Map<String, Object> render(Order order) {
    if (order.items().isEmpty()) {
      throw ApplicationFailure.nonRetryable(
          "EmptyOrder", "order " + order.order() + " has no items");
    }
    Map<String, Object> invoice = new LinkedHashMap<>();
    invoice.put("number", "INV-" + order.order());
    invoice.put("billed_to", order.customer().name());
    invoice.put("document", page(order).getBytes(StandardCharsets.UTF_8));
    if (order.attachment() != null) {
      invoice.put("attachment_sha256", sha256(order.attachment().data()));
    }
    return invoice;
  }

  /** Takes an invoice back by a credit note. */
  @Activity(name = "void_invoice", startToCloseTimeout = "PT30S")
  public Map<String, Object> withdraw(Withdrawal invoice) {
    return Map.of(
        "number", invoice.number().replaceFirst("^INV-", "CN-"), "reason", invoice.reason());
  }

  private static String page(Order order) {
    var rows = new StringBuilder();
    for (Item item : order.items()) {
      rows.append(row(escaped(item.name()), item.quantity() + " × " + escaped(item.price())));
    }
    for (String name : List.of("subtotal", "discount", "tax", "total")) {
      rows.append(row(name, amount(order.price().get(name), order.currency())));
    }
    return """
    <!doctype html><meta charset="utf-8"><title>INV-%d</title>
    <style>body{font:16px/1.5 system-ui;max-width:40rem;margin:3rem auto}table{width:100%%}
    td+td{text-align:end}</style>
    <h1>Invoice INV-%d</h1><p dir="auto">%s<p>%s
    <table>%s</table>%s
    """
        .formatted(
            order.order(),
            order.order(),
            escaped(order.customer().name()),
            DateTimeFormatter.ISO_LOCAL_DATE.format(order.issued().atOffset(ZoneOffset.UTC)),
            rows,
            order.attachment() == null ? "" : attached(order.attachment()));
  }

  private static String row(String name, String value) {
    return "<tr><td dir=\"auto\">" + name + "<td>" + value;
  }

  private static String amount(BigDecimal amount, String currency) {
    int digits = Currency.getInstance(currency).getDefaultFractionDigits();
    return amount.setScale(digits).toPlainString() + " " + currency;
  }

  private static String attached(Attachment attachment) {
    String data =
        "data:"
            + escaped(attachment.media_type())
            + ";base64,"
            + Base64.getEncoder().encodeToString(attachment.data());
    return attachment.media_type().startsWith("image/")
        ? "<img alt=\"attachment\" src=\"" + data + "\">"
        : "<a download href=\"" + data + "\">attachment</a>";
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException impossible) { // every JDK has it
      throw new AssertionError(impossible);
    }
  }
}
