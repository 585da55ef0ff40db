import io.pyflow.codec.Aes256Gcm;
import io.pyflow.codec.Coding;
import io.pyflow.codec.EncodedFailure;
import io.pyflow.codec.KeyRing;
import io.pyflow.codec.Payload;
import io.pyflow.codec.PayloadConverter;
import io.pyflow.codec.PayloadException;
import io.pyflow.codec.PayloadOptions;
import io.pyflow.codec.Reference;
import io.pyflow.codec.WrittenPayload;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads payloads and failures on standard input, one a line, and says what they mean: see ../decoders.py. */
public final class Decoder {
  private static final PayloadConverter WRITER = PayloadConverter.standard();
  private static final PayloadConverter CONVERTER =
      WRITER
          .withCodec(new TestXor())
          .withCodec(new Aes256Gcm(KeyRing.of(Map.of("2026-11", key(0), "2025", key(32)), "2026-11")));
  private static final PayloadOptions ENDLESS = PayloadOptions.of("payload").withLimit(Integer.MAX_VALUE);

  private Decoder() {}

  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), true, StandardCharsets.US_ASCII);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    out.println("ready");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      out.println(answer(line.split(" ")));
    }
  }

  private static String answer(String[] words) {
    try {
      return "read "
          + switch (words[0]) {
            case "payload" -> payload(text(words[1]));
            case "failure" -> failure(text(words[1]), text(words[2]));
            default -> write((Map<?, ?>) WRITER.decode(text(words[1])).value());
          };
    } catch (PayloadException e) {
      String name = e.getClass().getSimpleName();
      String kept = name.endsWith("TooLargeException") || name.startsWith("Unknown") || name.startsWith("Unsupported")
          || name.endsWith("UnavailableException") ? "" : "Error";
      return "refused " + name.replace("Exception", kept) + " " + word(e.getMessage());
    } catch (Throwable e) { // an overflow of the stack is what is looked for
      return "hurt " + e.getClass().getName() + " " + word(String.valueOf(e.getMessage()));
    }
  }

  private static String payload(String text) {
    Payload read = CONVERTER.decode(text);
    List<String> said = new ArrayList<>();
    said.add(packed(read.value()));
    said.add(word(read.id().orElse(null)));
    said.add(read.enveloped() ? "enveloped" : "plain");
    said.add(read.value() instanceof Reference ? "-" : word(WRITER.encode(read.value(), ENDLESS)));
    read.headers().forEach((name, value) -> {
      said.add(word(name));
      said.add(packed(value));
    });
    return String.join(" ", said);
  }

  private static String failure(String reason, String details) {
    EncodedFailure written = WRITER.encodeFailure(CONVERTER.decodeFailure(reason, details), true);
    return word(written.reason()) + " " + word(written.details());
  }

  @SuppressWarnings("unchecked")
  private static String write(Map<?, ?> asked) {
    List<String> names = (List<String>) asked.get("codecs");
    PayloadConverter converter = CONVERTER.applying(names.toArray(String[]::new));
    if (asked.get("failure") instanceof List<?> failure) {
      EncodedFailure written =
          converter.encodeFailure(WRITER.decodeFailure((String) failure.get(0), (String) failure.get(1)), true);
      return word(written.reason()) + " " + word(written.details());
    }
    Object value = WRITER.decode((String) asked.get("value")).value();
    if (Boolean.TRUE.equals(asked.get("heartbeat"))) {
      return word(converter.encodeHeartbeat(value).orElse(null)) + " -";
    }
    PayloadOptions options = PayloadOptions.of("payload").withLimit(((Long) asked.get("limit")).intValue());
    Object headers = WRITER.decode((String) asked.get("headers")).value();
    options = headers == null ? options : options.withHeaders((Map<String, Object>) headers);
    options = asked.get("id") == null ? options : options.withId((String) asked.get("id"));
    options = options.withCoding(Coding.valueOf(((String) asked.get("coding")).toUpperCase(java.util.Locale.ROOT)));
    if (asked.get("store") == null) {
      return word(converter.encode(value, options)) + " -";
    }
    WrittenPayload written = converter.encode(value, options, (String) asked.get("store"));
    return word(written.text())
        + " "
        + written.stored().map(it -> Base64.getEncoder().encodeToString(it.bytes())).orElse("-");
  }

  private static String packed(Object value) {
    Object written = value;
    if (value instanceof Reference reference) {
      Map<String, Object> ref = new LinkedHashMap<>();
      ref.put("store", reference.store());
      ref.put("key", reference.key());
      ref.put("size", reference.size());
      ref.put("sha256", reference.sha256());
      written = ref;
    }
    return word(WRITER.encode(written, ENDLESS.withCoding(Coding.MSGPACK)));
  }

  private static String text(String word) {
    if (word.equals("=")) {
      return "";
    }
    return word.equals("-") ? null : ByteBuffer.wrap(Base64.getDecoder().decode(word)).asCharBuffer().toString();
  }

  private static String word(String text) {
    if (text == null) {
      return "-";
    }
    return text.isEmpty() ? "=" : Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] key(int first) {
    byte[] key = new byte[32];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) (first + i);
    }
    return key;
  }
}
