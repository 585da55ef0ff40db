package io.pyflow.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.InflaterInputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;

/** The contract's vectors, as tests: one for each, named by its sentence. */
public final class Vectors {
  private static final Path FOLDER = Path.of("..", "protocol", "vectors");
  private static final Map<String, Class<?>> ERRORS =
      Map.of(
          "PayloadDecodeError", PayloadDecodeException.class,
          "PayloadEncodeError", PayloadEncodeException.class,
          "PayloadTooLarge", PayloadTooLargeException.class,
          "UnsupportedPayloadVersion", UnsupportedPayloadVersionException.class,
          "UnknownCodec", UnknownCodecException.class);

  /** A codec that is its own inverse. */
  static final PayloadCodec XOR =
      new PayloadCodec() {
        @Override
        public String name() {
          return "test-xor";
        }

        @Override
        public byte[] encode(byte[] bytes) {
          byte[] turned = bytes.clone();
          for (int i = 0; i < turned.length; i++) {
            turned[i] ^= 0x5a;
          }
          return turned;
        }

        @Override
        public byte[] decode(byte[] bytes) {
          return encode(bytes);
        }
      };

  /** The key ring of {@code codecs/aes-*.json}. */
  static final Map<String, byte[]> KEYS = Map.of("2026-11", bytesFrom(0), "2025", bytesFrom(32));

  /** The codecs that every runner of vectors configures. */
  public static final PayloadConverter CONVERTER =
      PayloadConverter.standard().withCodec(XOR).withCodec(aes("2026-11"));

  static Aes256Gcm aes(String encryptWith) {
    return new Aes256Gcm(KeyRing.of(KEYS, encryptWith));
  }

  private static byte[] bytesFrom(int first) {
    byte[] bytes = new byte[32];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (first + i);
    }
    return bytes;
  }

  /** The codecs that a vector applies. */
  static List<String> codecs(JsonNode vector) {
    return vector.has("codecs")
        ? vector.get("codecs").valueStream().map(JsonNode::textValue).toList()
        : List.of();
  }

  static byte[] undo(List<String> codecs, byte[] bytes) throws IOException {
    byte[] decoded = bytes;
    for (int i = codecs.size() - 1; i >= 0; i--) {
      decoded =
          switch (codecs.get(i)) {
            case "zlib" ->
                new InflaterInputStream(new ByteArrayInputStream(decoded)).readAllBytes();
            case "test-xor" -> XOR.decode(decoded);
            default -> aes("2026-11").decode(decoded);
          };
    }
    return decoded;
  }

  private Vectors() {}

  public interface Check {
    void run(JsonNode vector) throws Exception;
  }

  /** One container for each file whose name begins so, with a test for each vector. */
  public static Stream<DynamicContainer> tests(String folder, String prefix, Check check)
      throws IOException {
    try (Stream<Path> files = Files.list(FOLDER.resolve(folder))) {
      List<DynamicContainer> tests =
          files
              .filter(file -> file.getFileName().toString().matches(prefix + ".*\\.json"))
              .sorted()
              .map(file -> DynamicContainer.dynamicContainer(file.toString(), tests(file, check)))
              .toList();
      assertThat(tests).as("files " + prefix + "*.json in " + FOLDER.resolve(folder)).isNotEmpty();
      return tests.stream();
    }
  }

  private static Stream<DynamicTest> tests(Path file, Check check) {
    try {
      JsonNode vectors = Same.JSON.readTree(file.toFile());
      return vectors
          .valueStream()
          .map(
              vector ->
                  DynamicTest.dynamicTest(vector.get("name").textValue(), () -> check.run(vector)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The call is refused by exactly this error of the contract. */
  public static void assertRefused(String error, ThrowingCallable call) {
    assertThat(catchThrowable(call)).as("refusal").isExactlyInstanceOf(ERRORS.get(error));
  }

  /** That a vector is refused by its error, in its sentence. */
  public static void assertRefused(JsonNode vector, ThrowingCallable call) {
    assertRefused(vector, "", call);
  }

  /** That a vector is refused in a coding by its error, in its sentence for that coding. */
  public static void assertRefused(JsonNode vector, String coding, ThrowingCallable call) {
    JsonNode told = vector.get("sentence");
    assertThat(catchThrowable(call))
        .as("refusal")
        .isExactlyInstanceOf(ERRORS.get(vector.get("error").textValue()))
        .hasMessage((told.isObject() ? told.get(coding) : told).textValue());
  }
}
