import io.pyflow.codec.PayloadCodec;
import io.pyflow.worker.ActivityWorker;
import io.pyflow.worker.cli.WorkerConfigurer;

/** The user codec of protocol/vectors/README.md, which is its own reverse. */
public class TestXor implements PayloadCodec, WorkerConfigurer {
  private static final int MASK = 0x5a;

  @Override
  public void configure(ActivityWorker.Builder worker) {
    worker.codec(this);
  }

  @Override
  public String name() {
    return "test-xor";
  }

  @Override
  public byte[] encode(byte[] bytes) {
    byte[] turned = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      turned[i] = (byte) (bytes[i] ^ MASK);
    }
    return turned;
  }

  @Override
  public byte[] decode(byte[] bytes) {
    return encode(bytes);
  }
}
