package io.pyflow.codec.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pyflow.codec.Bytes;
import io.pyflow.codec.Coding;
import io.pyflow.codec.PayloadConverter;
import io.pyflow.codec.PayloadDecodeException;
import io.pyflow.codec.PayloadException;
import io.pyflow.codec.PayloadOptions;
import io.pyflow.codec.PayloadTooLargeException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AmountTest {
  private static final int MILLION = 1_000_000;
  private static final PayloadConverter CONVERTER = PayloadConverter.standard();
  private static final PayloadOptions PAYLOAD = PayloadOptions.of("payload");

  @Test
  void bytesHoldAsManyValuesAsWhatTheyBecomeHasParts() {
    Random random = new Random(1);
    for (int i = 0; i < 2_000; i++) {
      Object tree = tree(random, 4);
      Object tagged = Xjson.tag(tree);
      assertHolds("msgpack", MsgpackWriter.write(tree), size(tree));
      assertHolds("xjson", JsonWriter.write(tagged).getBytes(StandardCharsets.UTF_8), size(tagged));
    }
  }

  @Test
  void aMillionValuesAreRead() {
    byte[] packed = new byte[MILLION + 4];
    Arrays.fill(packed, (byte) 0xc0);
    ByteBuffer.wrap(packed).put((byte) 0xdd).putInt(MILLION - 1);
    assertThat((List<?>) read("msgpack", packed)).hasSize(MILLION - 1);
    String json = "[" + String.join(", ", Collections.nCopies(MILLION - 1, "0")) + "]";
    assertThat((List<?>) read("json", json.getBytes(StandardCharsets.UTF_8))).hasSize(MILLION - 1);
    String text = "[\"" + "{[,0:".repeat(MILLION) + "\\\"[0]\\\\\"]";
    assertThat((List<?>) read("json", text.getBytes(StandardCharsets.UTF_8))).hasSize(1);
  }

  @Test
  void aMillionValuesAreWrittenAndOneMoreIsTooLarge() {
    List<Object> value = new ArrayList<>(Collections.nCopies(MILLION - 1, 0L));
    PayloadOptions packed = PAYLOAD.withCoding(Coding.MSGPACK);
    assertThat(CONVERTER.decode(CONVERTER.encode(value, packed)).value()).isEqualTo(value);
    assertThat(CONVERTER.encode(value, PAYLOAD.withLimit(500), "s").stored()).isPresent();
    value.add(0L);
    assertThatThrownBy(() -> CONVERTER.encode(value, packed))
        .isInstanceOf(PayloadTooLargeException.class);
    assertThatThrownBy(() -> CONVERTER.encode(value, PAYLOAD.withLimit(500), "s"))
        .isInstanceOf(PayloadTooLargeException.class);
  }

  @Test
  void whatLiesInAStoreIsCountedAsWell() {
    byte[] many = new byte[MILLION + 1];
    Arrays.fill(many, (byte) 0x90);
    byte[] stored = Zlib.encode(many);
    String claim =
        "{\"$pyflow\":1,\"enc\":\"msgpack\",\"codecs\":[\"zlib\"],\"ref\":%s}"
            .formatted(JsonWriter.write(References.write(References.of("s", stored))));
    assertThatThrownBy(() -> CONVERTER.resolve(claim, stored))
        .isInstanceOf(PayloadDecodeException.class)
        .hasMessageStartingWith("a payload has more than 1000000 values: ");
  }

  @Test
  void aFailureOfTooManyValuesIsForeignText() {
    String document = "{\"type\":\"T\",\"details\":[" + "[],".repeat(MILLION) + "0]}";
    String details = envelope("failure", document.getBytes(StandardCharsets.UTF_8));
    assertThat(CONVERTER.decodeFailure("Reason", details).message()).isEqualTo(details);
  }

  private static void assertHolds(String coding, byte[] bytes, int values) {
    assertThat(Amount.isBeyond(coding, bytes, values)).as(coding).isFalse();
    assertThat(Amount.isBeyond(coding, bytes, values - 1)).as(coding).isTrue();
  }

  private static Object read(String coding, byte[] bytes) throws PayloadException {
    return CONVERTER.decode(envelope(coding, bytes)).value();
  }

  private static String envelope(String coding, byte[] bytes) {
    return "{\"$pyflow\":1,\"enc\":\"%s\",\"codecs\":[\"zlib\"],\"data\":\"%s\"}"
        .formatted(coding, Base64.getEncoder().encodeToString(Zlib.encode(bytes)));
  }

  private static Object tree(Random random, int depth) {
    int width = random.nextInt(depth > 0 ? 20 : 1);
    return switch (random.nextInt(depth > 0 ? 11 : 8)) {
      case 0 -> "[{,:\"\\é".repeat(random.nextInt(40));
      case 1 -> random.nextLong() >> random.nextInt(64);
      case 2 -> random.nextDouble();
      case 3 -> random.nextBoolean();
      case 4 -> Bytes.of(new byte[random.nextInt(400)]);
      case 5 -> BigInteger.ONE.shiftLeft(64 + random.nextInt(400));
      case 6 -> Instant.ofEpochSecond(random.nextInt() * 50L, random.nextInt(3));
      case 7 -> new BigDecimal("1." + "1".repeat(1 + random.nextInt(300)));
      case 8 -> "[" + "x".repeat(random.nextInt(70_000));
      case 9 -> random.ints(width).mapToObj(any -> tree(random, depth - 1)).toList();
      default -> {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < width; i++) {
          map.put("key " + i, tree(random, depth - 1));
        }
        yield map;
      }
    };
  }

  private static int size(Object tree) {
    if (tree instanceof Map<?, ?> map) {
      return 1 + map.size() + map.values().stream().mapToInt(AmountTest::size).sum();
    }
    return tree instanceof List<?> list ? 1 + list.stream().mapToInt(AmountTest::size).sum() : 1;
  }
}
