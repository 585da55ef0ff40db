/** What its data converter writes. */
public class Receipt {
  private String order;
  private int cents;

  public Receipt() {}

  public Receipt(String order, int cents) {
    this.order = order;
    this.cents = cents;
  }

  public String getOrder() {
    return order;
  }

  public void setOrder(String value) {
    order = value;
  }

  public int getCents() {
    return cents;
  }

  public void setCents(int value) {
    cents = value;
  }
}
