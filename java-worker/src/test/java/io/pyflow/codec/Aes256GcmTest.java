package io.pyflow.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class Aes256GcmTest {

  @TestFactory
  Stream<DynamicContainer> bytesAreEncryptedAsTheVectorsSay() throws IOException {
    return Vectors.tests("codecs", "aes-", Aes256GcmTest::check);
  }

  private static void check(JsonNode vector) {
    byte[] encoded = Notation.bytes(vector.get("encoded"));
    if (vector.has("error")) {
      Vectors.assertRefused(vector, () -> Vectors.aes("2026-11").decode(encoded));
      return;
    }
    byte[] bytes = Notation.bytes(vector.get("bytes"));
    byte[] nonce = HexFormat.of().parseHex(vector.get("nonce").textValue());
    KeyRing ring = KeyRing.of(Vectors.KEYS, vector.get("key").textValue());
    assertThat(new Aes256Gcm(ring, () -> nonce).encode(bytes)).isEqualTo(encoded);
    assertThat(Vectors.aes("2026-11").decode(encoded)).isEqualTo(bytes);
  }

  @Test
  void everyValueGetsANewNonce() {
    PayloadConverter converter =
        PayloadConverter.standard().withKeys(KeyRing.of(Vectors.KEYS, "2025"));
    String one = converter.encode(7L, PayloadOptions.of("it"));
    String two = converter.encode(7L, PayloadOptions.of("it"));
    assertThat(one).isNotEqualTo(two);
    assertThat(converter.decode(two).value()).isEqualTo(7L);
  }

  @Test
  void afterARotationTheOldKeyStillReads() {
    Map<String, byte[]> old = Map.of("2025", Vectors.KEYS.get("2025"));
    PayloadConverter before = PayloadConverter.standard().withKeys(KeyRing.of(old, "2025"));
    PayloadConverter after =
        PayloadConverter.standard().withKeys(KeyRing.of(Vectors.KEYS, "2026-11"));
    PayloadOptions options = PayloadOptions.of("it");
    assertThat(after.decode(before.encode(7L, options)).value()).isEqualTo(7L);
    assertThatThrownBy(() -> before.decode(after.encode(7L, options)))
        .isInstanceOf(UnknownCodecException.class)
        .hasMessage("a payload needs the key \"2026-11\" of aes-256-gcm, configured here: 2025");
  }

  @Test
  void aRingWithoutAKeyToEncryptWithReadsOnly() {
    PayloadConverter reader =
        PayloadConverter.standard().withKeys(KeyRing.forReading(Vectors.KEYS));
    PayloadConverter writer =
        PayloadConverter.standard().withKeys(KeyRing.of(Vectors.KEYS, "2026-11"));
    assertThat(reader.encode(7L, PayloadOptions.of("it"))).isEqualTo("7");
    assertThat(reader.decode(writer.encode(7L, PayloadOptions.of("it"))).value()).isEqualTo(7L);
    assertThatThrownBy(() -> new Aes256Gcm(KeyRing.forReading(Map.of())).encode(new byte[0]))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aRingShowsNoKeyAndRefusesWhatCanBeNone() {
    assertThat(KeyRing.of(Vectors.KEYS, "2025"))
        .hasToString("KeyRing[2025, 2026-11; encrypts with 2025]");
    assertThatThrownBy(() -> KeyRing.of(Vectors.KEYS, "b"))
        .hasMessage("a key ring encrypts with 'b', and has no such key");
    assertThatThrownBy(() -> KeyRing.forReading(Map.of("a", new byte[16])))
        .hasMessage("the key 'a' has 16 bytes, and AES-256 takes 32: draw random ones");
    assertThatThrownBy(() -> KeyRing.forReading(Map.of("a b", new byte[32])))
        .hasMessage("a key ring has the key id 'a b', which must match [A-Za-z0-9_.-]{1,64}");
  }
}
