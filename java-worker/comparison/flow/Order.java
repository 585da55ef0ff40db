/** What its data converter reads: a class with setters. */
public class Order {
  private String id;
  private int cents;

  public String getId() {
    return id;
  }

  public void setId(String value) {
    id = value;
  }

  public int getCents() {
    return cents;
  }

  public void setCents(int value) {
    cents = value;
  }
}
