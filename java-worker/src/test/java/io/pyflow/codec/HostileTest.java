package io.pyflow.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;

/** The same texts each time; {@code PYFLOW_FUZZ=100000} takes so many. */
class HostileTest {
  private static final PayloadConverter CONVERTER = Vectors.CONVERTER;
  private static final PayloadOptions ENDLESS =
      PayloadOptions.of("payload").withLimit(Integer.MAX_VALUE);
  private static final Set<Class<?>> REFUSALS =
      Set.of(
          PayloadDecodeException.class,
          UnsupportedPayloadVersionException.class,
          UnknownCodecException.class);

  @Test
  void aHostileTextIsReadOrRefusedAndWhatIsReadCanBeWrittenAndReadAgain() {
    Hostile hostile = new Hostile(Hostile.SEED);
    int wanted = Hostile.count(5_000);
    int read = 0;
    for (int i = 0; i < wanted; i++) {
      String text = hostile.text();
      try {
        Object value = CONVERTER.decode(text).value();
        read++;
        if (!(value instanceof Reference)) {
          assertThat(isOfTheModel(value)).as(text).isTrue();
          String written = PayloadConverter.standard().encode(value, ENDLESS);
          Object again = PayloadConverter.standard().decode(written).value();
          assertThat(Same.value(again, value)).as(text).isTrue();
          assertThat(PayloadConverter.standard().encode(again, ENDLESS)).isEqualTo(written);
        }
      } catch (PayloadException e) {
        assertThat(REFUSALS).as(text).contains(e.getClass());
        assertThat(e.getMessage()).hasSizeLessThan(700);
      }
    }
    assertThat(read).isGreaterThan(wanted / 10);
  }

  @Test
  void aHostileFailureIsReadUnlessItsCodecIsMissing() {
    Hostile hostile = new Hostile(Hostile.SEED + 1);
    for (int i = Hostile.count(2_000); i > 0; i--) {
      String text = hostile.text();
      try {
        Failure failure = CONVERTER.decodeFailure("Reason", text);
        EncodedFailure written = CONVERTER.encodeFailure(failure, true);
        Failure again = CONVERTER.decodeFailure(written.reason(), written.details());
        assertThat(again.type()).as(text).isEqualTo(written.reason());
      } catch (UnknownCodecException e) {
        assertThat(text).contains("codecs");
      }
    }
  }

  @Test
  void aCountThatTheBytesDoNotHoldAllocatesNothing() {
    List<String> pieces = Hostile.PIECES.get("bytes");
    for (String claim : pieces.stream().filter(piece -> piece.length() > 8).toList()) {
      for (String before : List.of("", "92", "81a161", "9301")) {
        byte[] data = HexFormat.of().parseHex(before + claim);
        String text =
            "{\"$pyflow\":1,\"enc\":\"msgpack\",\"data\":\"%s\"}"
                .formatted(Base64.getEncoder().encodeToString(data));
        assertThatThrownBy(() -> CONVERTER.decode(text)).isInstanceOf(PayloadDecodeException.class);
      }
    }
  }

  @Test
  void aBombIsCutOffAtItsLimit() throws IOException {
    byte[] bomb = new byte[64 * 1024 * 1024];
    for (int i = 0; i < 3; i++) {
      ByteArrayOutputStream compressed = new ByteArrayOutputStream();
      try (DeflaterOutputStream out = new DeflaterOutputStream(compressed)) {
        out.write(bomb);
      }
      bomb = compressed.toByteArray();
    }
    String text =
        "{\"$pyflow\":1,\"codecs\":[\"zlib\",\"zlib\",\"zlib\"],\"data\":\"%s\"}"
            .formatted(Base64.getEncoder().encodeToString(bomb));
    assertThatThrownBy(() -> CONVERTER.decode(text)).isInstanceOf(PayloadDecodeException.class);
  }

  /** No name in a payload chose a class. */
  private static boolean isOfTheModel(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .allMatch(entry -> isOfTheModel(entry.getKey()) && isOfTheModel(entry.getValue()));
    } else if (value instanceof List<?> list) {
      return list.stream().allMatch(HostileTest::isOfTheModel);
    }
    return value == null
        || value instanceof Boolean
        || value instanceof Long
        || value instanceof BigInteger
        || value instanceof Double
        || value instanceof String
        || value instanceof Bytes
        || value instanceof Instant
        || value instanceof BigDecimal;
  }
}
