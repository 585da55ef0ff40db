package io.pyflow.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;

class PayloadVectorsTest {
  private static final PayloadConverter CONVERTER = Vectors.CONVERTER;

  @TestFactory
  Stream<DynamicContainer> payloadsAreReadAsTheVectorsSay() throws IOException {
    return Vectors.tests("payloads", "read-", PayloadVectorsTest::reads);
  }

  @TestFactory
  Stream<DynamicContainer> payloadsAreWrittenAsTheVectorsSay() throws IOException {
    return Vectors.tests("payloads", "write-", PayloadVectorsTest::writes);
  }

  @TestFactory
  Stream<DynamicContainer> heartbeatsAreWrittenAsTheVectorsSay() throws IOException {
    return Vectors.tests("payloads", "heartbeat-", PayloadVectorsTest::heartbeats);
  }

  private static void reads(JsonNode vector) {
    String text = vector.get("text").isNull() ? null : Notation.text(vector.get("text"));
    if (vector.has("reference")) {
      readsReference(vector, text);
      return;
    }
    if (vector.has("error")) {
      Vectors.assertRefused(vector, () -> CONVERTER.decode(text));
      return;
    }
    Payload payload = CONVERTER.decode(text);
    assertValue(payload.value(), Notation.value(vector.get("value")));
    assertExtras(vector, payload);
  }

  private static void readsReference(JsonNode vector, String text) {
    JsonNode expected = vector.get("reference");
    Payload payload = CONVERTER.decode(text);
    assertThat(payload.value())
        .isEqualTo(
            new Reference(
                Notation.text(expected.get("store")),
                Notation.text(expected.get("key")),
                expected.get("size").longValue(),
                Notation.text(expected.get("sha256"))));
    assertExtras(vector, payload);
    if (vector.has("stored")) {
      byte[] stored = Notation.bytes(vector.get("stored"));
      if (vector.has("error")) {
        Vectors.assertRefused(vector, () -> CONVERTER.resolve(text, stored));
      } else {
        assertValue(CONVERTER.resolve(text, stored).value(), Notation.value(vector.get("value")));
      }
    }
  }

  private static void assertExtras(JsonNode vector, Payload payload) {
    Object headers = vector.has("headers") ? Notation.value(vector.get("headers")) : Map.of();
    assertValue(payload.headers(), headers);
    assertThat(payload.id())
        .isEqualTo(
            vector.has("id")
                ? Optional.of(Notation.text(vector.get("id")))
                : Optional.<String>empty());
    if (vector.has("enveloped")) {
      assertThat(payload.enveloped()).isEqualTo(vector.get("enveloped").booleanValue());
    }
  }

  private static void writes(JsonNode vector) throws Exception {
    Object value = Notation.value(vector.get("value"));
    PayloadOptions options = options(vector);
    if (vector.has("error")) {
      Vectors.assertRefused(vector, () -> write(vector, value, options));
      return;
    }
    WrittenPayload written = write(vector, value, options);
    String text = written.text();
    assertThat(written.stored().isPresent()).isEqualTo(vector.get("writes").has("stored"));
    if (written.stored().isPresent()) {
      assertThat(text.length()).isLessThanOrEqualTo(options.limit());
      assertStored(written, vector);
      return;
    }
    assertWritten(text, vector.get("writes"), options.limit());
    Payload read = CONVERTER.decode(text);
    assertValue(read.value(), value);
    assertExtras(vector, read);
  }

  private static WrittenPayload write(JsonNode vector, Object value, PayloadOptions options) {
    return vector.has("store")
        ? CONVERTER.encode(value, options, vector.get("store").textValue())
        : new WrittenPayload(CONVERTER.encode(value, options), Optional.empty());
  }

  private static void assertStored(WrittenPayload written, JsonNode vector) throws IOException {
    WrittenPayload.Stored stored = written.stored().orElseThrow();
    JsonNode envelope = Same.JSON.readTree(written.text());
    JsonNode expected = vector.get("writes");
    assertThat(envelope.get("enc")).isEqualTo(expected.get("enc"));
    assertThat(Vectors.codecs(envelope)).isEqualTo(Vectors.codecs(expected));
    Reference reference = stored.reference();
    assertThat(reference.store()).isEqualTo(vector.get("store").textValue());
    assertThat(reference.key())
        .isEqualTo("sha256/" + reference.sha256().substring(0, 2) + "/" + reference.sha256());
    assertThat(CONVERTER.decode(written.text()).value()).isEqualTo(reference);
    assertThat(Vectors.undo(Vectors.codecs(envelope), stored.bytes()))
        .isEqualTo(Notation.bytes(expected.get("stored")));
    Payload read = CONVERTER.resolve(written.text(), stored.bytes());
    assertValue(read.value(), Notation.value(vector.get("value")));
    assertExtras(vector, read);
  }

  @SuppressWarnings("unchecked")
  private static PayloadOptions options(JsonNode vector) {
    PayloadOptions options = PayloadOptions.of("payload");
    if (vector.has("limit")) {
      options = options.withLimit(vector.get("limit").intValue());
    }
    if (vector.has("coding") && !vector.get("coding").textValue().equals("auto")) {
      options =
          options.withCoding(
              Map.of("json", Coding.JSON, "xjson", Coding.XJSON, "msgpack", Coding.MSGPACK)
                  .get(vector.get("coding").textValue()));
    }
    if (vector.has("headers")) {
      options = options.withHeaders((Map<String, Object>) Notation.value(vector.get("headers")));
    }
    if (vector.has("id")) {
      options = options.withId(Notation.text(vector.get("id")));
    }
    return options.withCodecs(Vectors.codecs(vector));
  }

  private static void heartbeats(JsonNode vector) throws Exception {
    Object value = Notation.value(vector.get("value"));
    Optional<String> text =
        CONVERTER.applying(Vectors.codecs(vector).toArray(String[]::new)).encodeHeartbeat(value);
    JsonNode expected = vector.get("writes");
    if (expected.isNull()) {
      assertThat(text).isEmpty();
    } else if (expected.has("dropped")) {
      JsonNode envelope = Same.JSON.readTree(text.orElseThrow());
      assertThat(envelope.get("dropped").intValue()).isEqualTo(expected.get("dropped").intValue());
      assertThat(CONVERTER.decode(text.orElseThrow()).value()).isNull();
    } else {
      assertWritten(text.orElseThrow(), expected, PayloadOptions.HEARTBEAT_LIMIT);
      assertValue(CONVERTER.decode(text.orElseThrow()).value(), value);
    }
  }

  private static void assertWritten(String text, JsonNode expected, int limit) throws Exception {
    assertThat(text.length()).as("units").isLessThanOrEqualTo(limit);
    Notation.number(expected, "units").ifPresent(units -> assertThat(text).hasSize(units));
    JsonNode written = Same.JSON.readTree(text);
    if (expected.has("plain")) {
      assertSameJson(text, Notation.text(expected.get("plain")));
      assertThat(CONVERTER.decode(text).enveloped()).as("enveloped").isFalse();
      return;
    }
    String coding = written.has("enc") ? written.get("enc").textValue() : "json";
    assertThat(coding).as("enc").isEqualTo(expected.get("enc").textValue());
    assertThat(written.has("value")).as("has value").isEqualTo(expected.has("value"));
    assertThat(written.has("data")).as("has data").isEqualTo(expected.has("bytes"));
    List<String> codecs = Vectors.codecs(written);
    assertThat(codecs).as("codecs").isEqualTo(Vectors.codecs(expected));
    if (expected.has("value")) {
      assertSameJson(written.get("value").toString(), Notation.text(expected.get("value")));
    }
    if (expected.has("bytes")) {
      byte[] bytes =
          Vectors.undo(codecs, Base64.getDecoder().decode(written.get("data").textValue()));
      byte[] wanted = Notation.bytes(expected.get("bytes"));
      if (coding.equals("msgpack")) {
        assertThat(bytes).as("bytes").isEqualTo(wanted);
      } else {
        assertSameJson(
            new String(bytes, StandardCharsets.UTF_8), new String(wanted, StandardCharsets.UTF_8));
      }
    }
  }

  private static void assertSameJson(String actual, String expected) throws IOException {
    assertThat(Same.json(actual, expected)).as("%.500s is %.500s", actual, expected).isTrue();
  }

  private static void assertValue(Object actual, Object expected) {
    assertThat(Same.value(actual, expected)).as("%.500s is %.500s", actual, expected).isTrue();
  }
}
