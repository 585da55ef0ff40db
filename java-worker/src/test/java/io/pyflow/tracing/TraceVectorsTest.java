package io.pyflow.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pyflow.codec.Vectors;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;

/** The vectors of traces' ids, and of what the span of an activity hangs on. */
class TraceVectorsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TestFactory
  Stream<DynamicContainer> idsAreDerived() throws IOException {
    return Vectors.tests("tracing", "ids", TraceVectorsTest::checkId);
  }

  @TestFactory
  Stream<DynamicContainer> aSpanHasItsPlace() throws IOException {
    return Vectors.tests("tracing", "context", TraceVectorsTest::checkPlace);
  }

  private static void checkId(JsonNode vector) {
    if (vector.has("digest")) {
      byte[] digest = HexFormat.of().parseHex(text(vector, "digest"));
      assertThat(TraceIds.traceId(digest)).isEqualTo(text(vector, "trace_id"));
      assertThat(TraceIds.spanId(digest)).isEqualTo(text(vector, "span_id"));
    } else if (vector.has("trace_id")) {
      assertThat(
              TraceIds.traceId(
                  text(vector, "domain"), text(vector, "workflow_id"), text(vector, "run_id")))
          .isEqualTo(text(vector, "trace_id"));
    } else {
      assertThat(
              TraceIds.spanId(
                  text(vector, "run_id"),
                  text(vector, "activity_id"),
                  vector.get("started_event_id").longValue()))
          .isEqualTo(text(vector, "span_id"));
    }
  }

  private static void checkPlace(JsonNode vector) throws JsonProcessingException {
    Map<String, Object> headers =
        JSON.treeToValue(vector.get("headers"), new TypeReference<Map<String, Object>>() {});
    Place place =
        Place.of(
            text(vector, "domain"), text(vector, "workflow_id"), text(vector, "run_id"), headers);
    assertThat(place.traceId()).isEqualTo(text(vector, "trace_id"));
    assertThat(place.parentSpanId()).isEqualTo(text(vector, "parent_span_id"));
    JsonNode sampled = vector.get("sampled");
    assertThat(place.sampled())
        .isEqualTo(sampled.isNull() ? Optional.empty() : Optional.of(sampled.booleanValue()));
    JsonNode link = vector.get("link");
    assertThat(place.link().map(Place.Link::traceId))
        .isEqualTo(
            Optional.of(link).filter(node -> !node.isNull()).map(node -> text(node, "trace_id")));
    assertThat(place.link().map(Place.Link::spanId))
        .isEqualTo(
            Optional.of(link).filter(node -> !node.isNull()).map(node -> text(node, "span_id")));
  }

  private static String text(JsonNode node, String key) {
    return node.get(key).textValue();
  }
}
