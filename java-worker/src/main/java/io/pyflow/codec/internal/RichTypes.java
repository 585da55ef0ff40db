package io.pyflow.codec.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.pyflow.codec.Bytes;
import io.pyflow.codec.PayloadDecodeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.function.Function;

/** The types of the model that JSON has no token for, passed through Jackson as they are. */
final class RichTypes extends SimpleModule {
  private static final long serialVersionUID = 1L;

  RichTypes() {
    super("pyflow");
    addSerializer(new Embedded<>(Bytes.class));
    addSerializer(new Embedded<>(Instant.class));
    addSerializer(new Embedded<>(ByteBuffer.class));
    addDeserializer(Instant.class, new Unembedded<>(Instant.class, RichTypes::time));
    addDeserializer(Bytes.class, new Unembedded<>(Bytes.class, RichTypes::bytes));
    addDeserializer(
        byte[].class, new Unembedded<>(byte[].class, content -> bytes(content).toByteArray()));
    addDeserializer(
        ByteBuffer.class,
        new Unembedded<>(ByteBuffer.class, content -> bytes(content).asByteBuffer()));
  }

  private static Instant time(Object content) {
    return content instanceof String text
        ? Timestamps.read(text)
            .orElseThrow(() -> none(text, "timestamp like 2026-11-23T09:30:00.123Z"))
        : (Instant) content;
  }

  private static Bytes bytes(Object content) {
    return content instanceof String text
        ? Bytes.of(Base64Text.read(text).orElseThrow(() -> none(text, "padded base64")))
        : (Bytes) content;
  }

  private static PayloadDecodeException none(String text, String what) {
    return new PayloadDecodeException(Shown.quoted(text) + " is no " + what);
  }

  private static final class Embedded<T> extends StdSerializer<T> {
    private static final long serialVersionUID = 1L;

    Embedded(Class<T> type) {
      super(type);
    }

    @Override
    public void serialize(T value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeEmbeddedObject(value);
    }
  }

  private static final class Unembedded<T> extends StdDeserializer<T> {
    private static final long serialVersionUID = 1L;
    private final transient Function<Object, T> reader;

    Unembedded(Class<T> type, Function<Object, T> reader) {
      super(type);
      this.reader = reader;
    }

    @Override
    @SuppressWarnings("unchecked")
    public T deserialize(JsonParser in, DeserializationContext context) throws IOException {
      try {
        if (in.hasToken(JsonToken.VALUE_EMBEDDED_OBJECT)) {
          return reader.apply(in.getEmbeddedObject());
        }
        if (in.hasToken(JsonToken.VALUE_STRING)) {
          return reader.apply(in.getText());
        }
      } catch (ClassCastException | PayloadDecodeException e) {
        return (T)
            context.handleWeirdStringValue(
                handledType(), in.getValueAsString(""), "%s", e.getMessage());
      }
      return (T) context.handleUnexpectedToken(handledType(), in);
    }
  }
}
