package io.pyflow.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;

class FailureVectorsTest {
  private static final PayloadConverter CONVERTER = Vectors.CONVERTER;

  @TestFactory
  Stream<DynamicContainer> failuresAreReadAsTheVectorsSay() throws IOException {
    return Vectors.tests("failures", "read-", FailureVectorsTest::reads);
  }

  @TestFactory
  Stream<DynamicContainer> failuresAreWrittenAsTheVectorsSay() throws IOException {
    return Vectors.tests("failures", "write-", FailureVectorsTest::writes);
  }

  private static void reads(JsonNode vector) {
    String reason = textOrNull(vector.get("reason"));
    String details = textOrNull(vector.get("details"));
    if (vector.has("error")) {
      Vectors.assertRefused(vector, () -> CONVERTER.decodeFailure(reason, details));
      return;
    }
    assertSame(CONVERTER.decodeFailure(reason, details), Notation.failure(vector.get("failure")));
  }

  private static void writes(JsonNode vector) throws IOException {
    boolean includeStack =
        !vector.has("include_stack") || vector.get("include_stack").booleanValue();
    List<String> codecs = Vectors.codecs(vector);
    EncodedFailure written =
        CONVERTER
            .applying(codecs.toArray(String[]::new))
            .encodeFailure(Notation.failure(vector.get("failure")), includeStack);
    assertThat(written.reason()).isEqualTo(Notation.text(vector.get("reason")));
    assertThat(written.details().length()).isLessThanOrEqualTo(PayloadOptions.DATA_LIMIT);
    JsonNode envelope = Same.JSON.readTree(written.details());
    assertThat(envelope.get("$pyflow").intValue()).isEqualTo(1);
    JsonNode document = envelope.get("failure");
    if (!codecs.isEmpty()) {
      assertThat(envelope.get("enc").textValue()).isEqualTo("failure");
      assertThat(Vectors.codecs(envelope)).isEqualTo(codecs);
      document = Same.JSON.readTree(Vectors.undo(codecs, envelope.get("data").binaryValue()));
    }
    assertKeys(document, vector.get("document"));
    assertSame(
        CONVERTER.decodeFailure(written.reason(), written.details()),
        Notation.failure(vector.get("document")));
  }

  /** What was written has the parts that the vector's document has, and no others. */
  private static void assertKeys(JsonNode written, JsonNode expected) {
    if (expected.has("chain")) {
      JsonNode link = expected.get("chain").get(0);
      int links = expected.get("chain").get(1).intValue();
      JsonNode each = written;
      for (int i = 1; i <= links; i++) {
        Set<String> wanted = keys(link);
        if (i < links) {
          wanted.add("cause");
        }
        assertThat(keys(each)).isEqualTo(wanted);
        each = each.path("cause");
      }
      return;
    }
    assertThat(keys(written)).isEqualTo(keys(expected));
    for (String omitted : List.of("details_omitted", "cause_omitted")) {
      assertThat(written.path(omitted)).isEqualTo(expected.path(omitted));
    }
    if (expected.has("cause")) {
      assertKeys(written.get("cause"), expected.get("cause"));
    }
  }

  private static Set<String> keys(JsonNode document) {
    Set<String> keys = new TreeSet<>(document.propertyStream().map(Map.Entry::getKey).toList());
    if (!document.path("non_retryable").asBoolean()) {
      keys.remove("non_retryable");
    }
    return keys;
  }

  static void assertSame(Failure actual, Failure expected) {
    assertThat(once(actual.type())).as("type").isEqualTo(once(expected.type()));
    assertThat(once(actual.message())).as("message").isEqualTo(once(expected.message()));
    assertThat(actual.language()).as("language").isEqualTo(expected.language());
    assertThat(actual.className().map(FailureVectorsTest::once))
        .as("class")
        .isEqualTo(expected.className().map(FailureVectorsTest::once));
    assertThat(actual.stack().stream().map(FailureVectorsTest::once).toList())
        .as("stack")
        .isEqualTo(expected.stack().stream().map(FailureVectorsTest::once).toList());
    assertThat(actual.nonRetryable()).as("non_retryable").isEqualTo(expected.nonRetryable());
    assertThat(actual.retryAfter()).as("retry_after").isEqualTo(expected.retryAfter());
    assertThat(Same.value(actual.details().orElse(null), expected.details().orElse(null)))
        .as("details %s are %s", actual.details(), expected.details())
        .isTrue();
    assertThat(actual.cause().isPresent())
        .as("has a cause")
        .isEqualTo(expected.cause().isPresent());
    if (expected.cause().isPresent()) {
      assertSame(actual.cause().orElseThrow(), expected.cause().get());
    }
  }

  /** Languages replace a broken sequence by one U+FFFD or by several. */
  private static String once(String text) {
    return text.replaceAll("\uFFFD+", "\uFFFD");
  }

  private static String textOrNull(JsonNode node) {
    return node == null || node.isNull() ? null : Notation.text(node);
  }
}
