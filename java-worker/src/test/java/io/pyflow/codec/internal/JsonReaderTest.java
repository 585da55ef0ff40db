package io.pyflow.codec.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.pyflow.codec.PayloadDecodeException;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The fast way and the slow one, which finds faults, side by side. */
class JsonReaderTest {
  private static final String TOO_DEEP = Refusal.DEPTH.with().getMessage();
  private static final List<String> TEXTS =
      List.of(
          "{\"a\":[1,-0,2.5e3,-1.25,true,false,null],\"b\":{\"a\":{}},\"c\":[],\"c2\":\"x\"}",
          " [ \"\\u00e9\\ud83d\\ude00\\n\\/\" , \"é😀\" , {\"k\\u0041\":1,\"kA\":2} ] ",
          "[0.1,1E400,1e-400,123456789012345678901,-9223372036854775808,NaN,-Infinity]",
          "{\"a\":1,\"b\":2,\"a\":3}",
          "[[[[\"\\ud800\",\"\\udc00\\ud800\"]]]]",
          "\t{\"\":\"\", \"\u0000\":1}\r\n");
  private static final String ALPHABET =
      "[]{}\",:\\ -+.eE0123456789atrufalsnNIy/\n\t\u0000\u001f\u007fé\ud83d\ude00\ufeff";

  @Test
  void aTextIsReadWhereNoFaultIsInIt() {
    Random random = new Random(6);
    int read = 0;
    for (int i = 0; i < 60_000; i++) {
      String text = mutated(TEXTS.get(random.nextInt(TEXTS.size())), random);
      boolean faultless = JsonFault.of(text).getMessage().equals(TOO_DEEP);
      try {
        JsonReader.parse(text);
        read++;
        assertThat(faultless).as(text).isTrue();
      } catch (PayloadDecodeException e) {
        assertThat(faultless).as(text).isFalse();
      }
    }
    assertThat(read).isBetween(3_000, 57_000);
  }

  private static String mutated(String text, Random random) {
    StringBuilder mutated = new StringBuilder(text);
    for (int changes = random.nextInt(3); changes > 0 && mutated.length() > 0; changes--) {
      int at = random.nextInt(mutated.length());
      char c = ALPHABET.charAt(random.nextInt(ALPHABET.length()));
      switch (random.nextInt(4)) {
        case 0 -> mutated.setCharAt(at, c);
        case 1 -> mutated.insert(at, c);
        case 2 -> mutated.deleteCharAt(at);
        default -> mutated.setLength(at);
      }
    }
    return mutated.toString();
  }

  @Test
  void numbersAreRoundedAsByJavaItself() {
    Random random = new Random(6);
    for (int i = 0; i < 50_000; i++) {
      String digits = Long.toString(random.nextLong() >> random.nextInt(63));
      String text = digits + "." + Math.abs(random.nextInt() >> random.nextInt(31));
      assertThat(JsonReader.parse(text)).as(text).isEqualTo(Double.valueOf(text));
      assertThat(JsonReader.parse(digits)).isEqualTo(Long.valueOf(digits));
    }
    assertThat(JsonReader.parse("-0.0")).isEqualTo(-0.0);
    assertThat(JsonReader.parse("0.30000000000000004")).isEqualTo(0.30000000000000004);
    assertThat(JsonReader.parse("0.000000000000000")).isEqualTo(0.0);
  }

  @Test
  void aPlainValueIsWrittenInOnePassAsItIsInTwo() {
    for (Object value :
        Arrays.asList(
            null,
            Map.of("é", List.of(1, 2L, -3.5, true), "k", new TreeMap<>(Map.of("b", 1, "a", 2))),
            Long.MIN_VALUE,
            "\u0000\b\t\"\\/\u007f\u009f\u00a0\u2028\u2030😀\ue000")) {
      Model.Checked checked = Model.of(value, new TypedValues(null), "payload");
      assertThat(JsonWriter.plain(value)).contains(JsonWriter.write(checked.value()));
    }
  }

  @Test
  void whatMayHaveNoPlainFormIsLeftToTheModel() {
    Map<String, Object> twice = new IdentityHashMap<>();
    twice.put("a", 1);
    Object deep = "core";
    for (int i = 0; i < 65; i++) {
      deep = List.of(deep);
    }
    for (Object value :
        List.of(twice, deep, Double.NaN, "\ud800", "\udc00a", Map.of(1, 2), new byte[0])) {
      assertThat(JsonWriter.plain(value)).isEmpty();
    }
  }
}
