package io.pyflow.codec.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pyflow.codec.Notation;
import io.pyflow.codec.PayloadEncodeException;
import io.pyflow.codec.Same;
import io.pyflow.codec.Vectors;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;

class ValueVectorsTest {
  private static final TypedValues TYPED = new TypedValues(null);

  /** A way to write a value: two ways are texts of JSON, the third bytes. */
  private interface Coding {
    Object read(JsonNode written);

    void assertWrites(Object value, JsonNode expected) throws IOException;

    void write(Object value);
  }

  private record Json(boolean tagged) implements Coding {
    @Override
    public Object read(JsonNode written) {
      Object tree = JsonReader.parse(Notation.text(written));
      if (tagged) {
        return Xjson.untag(tree);
      }
      Depth.check(tree);
      return tree;
    }

    private String text(Object value) {
      Model.Checked checked = Model.of(value, TYPED, "payload");
      if (!tagged && !checked.plain()) {
        throw new PayloadEncodeException("no plain form");
      }
      return JsonWriter.write(tagged ? Xjson.tag(checked.value()) : checked.value());
    }

    @Override
    public void write(Object value) {
      text(value);
    }

    @Override
    public void assertWrites(Object value, JsonNode expected) throws IOException {
      String text = text(value);
      assertThat(Same.json(text, Notation.text(expected)))
          .as("%.500s is %.500s", text, Notation.text(expected))
          .isTrue();
    }
  }

  private record Msgpack() implements Coding {
    @Override
    public Object read(JsonNode written) {
      return MsgpackReader.read(Notation.bytes(written));
    }

    @Override
    public void write(Object value) {
      MsgpackWriter.write(Model.of(value, TYPED, "payload").value());
    }

    @Override
    public void assertWrites(Object value, JsonNode expected) {
      byte[] bytes = MsgpackWriter.write(Model.of(value, TYPED, "payload").value());
      assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(Notation.text(expected));
    }
  }

  private static final List<String> NAMES = List.of("plain", "xjson", "msgpack");

  private static Coding coding(String name) {
    return name.equals("msgpack") ? new Msgpack() : new Json(name.equals("xjson"));
  }

  @TestFactory
  Stream<DynamicContainer> valuesAreWrittenAndReadAsTheVectorsSay() throws IOException {
    return Vectors.tests("values", "", ValueVectorsTest::check);
  }

  private static void check(JsonNode vector) throws IOException {
    if (vector.has("error")) {
      refuses(vector);
      return;
    }
    boolean writes = !vector.path("direction").asText("both").equals("decode");
    Object value = Notation.value(vector.get("value"));
    for (String name : NAMES) {
      JsonNode written = vector.path(name);
      if (written.isNull()) {
        Vectors.assertRefused("PayloadEncodeError", () -> coding(name).write(value));
      } else if (!written.isMissingNode()) {
        Object read = coding(name).read(written);
        assertThat(Same.value(read, value)).as("%s: %.500s is %.500s", name, read, value).isTrue();
        if (writes) {
          coding(name).assertWrites(value, written);
        }
      }
    }
  }

  private static void refuses(JsonNode vector) {
    for (String name : NAMES) {
      if (vector.has(name)) {
        Vectors.assertRefused(vector, name, () -> coding(name).read(vector.get(name)));
      }
      if (vector.has("value")) {
        Object value = Notation.value(vector.get("value"));
        Vectors.assertRefused(vector, name, () -> coding(name).write(value));
      }
    }
  }
}
