import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/** What a handler can do to its host, in Java; {@code do} in the event says which. */
public class Faults {
  public Object handle(Map<String, Object> event) throws Exception {
    return switch ((String) event.get("do")) {
      case "sign" -> signed((List<?>) event.get("signed"));
      case "pid" -> ProcessHandle.current().pid();
      case "raise" -> throw new NoSuchElementException("no such order");
      case "unwritable" -> new Unwritable();
      case "not JSON" -> "caf\ud800";
      case "decimal" -> new BigDecimal("1.10");
      case "print" -> printed();
      case "exit" -> exited();
      case "abort" -> aborted();
      case "die" -> died();
      case "32 769 characters" -> "x".repeat(32_767);
      case "7 MiB" -> "x".repeat(7 << 20);
      case "wait" -> waited();
      case "hold" -> held();
      default -> null;
    };
  }

  private static List<Object> signed(List<?> before) {
    var signed = new ArrayList<Object>(before);
    signed.add("java");
    return signed;
  }

  private static Object printed() {
    System.out.println("to stdout");
    System.err.println("to stderr");
    return null;
  }

  private static Object exited() {
    System.exit(3);
    return null;
  }

  private static Object aborted() {
    Runtime.getRuntime().halt(7);
    return null;
  }

  private static Object died() throws Exception {
    new ProcessBuilder("kill", "-KILL", Long.toString(ProcessHandle.current().pid())).start();
    return waited();
  }

  private static Object waited() throws InterruptedException {
    Thread.sleep(600_000);
    return null;
  }

  private static Object held() throws InterruptedException {
    var held = new byte[600 << 20];
    Arrays.fill(held, (byte) 1);
    waited();
    return held.length;
  }

  /** What no serializer gets to the end of. */
  public static class Unwritable {
    public int getAmount() {
      throw new IllegalStateException("no amount");
    }
  }

  /** A class that can't be loaded. */
  public static class Failing {
    private static final int RATE = Integer.parseInt("no rates");

    public Object handle(Object event) {
      return RATE;
    }
  }

  /** A class that exits while it is loaded. */
  public static class Leaving {
    static {
      System.exit(4);
    }

    public Object handle(Object event) {
      return event;
    }
  }
}
