package io.pyflow.codec.internal;

import io.pyflow.codec.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/** A value of the model as msgpack: one byte string for one value. */
final class MsgpackWriter {
  static final byte BIG_INTEGER = 1;
  static final byte DECIMAL = 2;

  private final MessageBufferPacker out = MessagePack.newDefaultBufferPacker();

  private MsgpackWriter() {}

  static byte[] write(@Nullable Object value) {
    MsgpackWriter writer = new MsgpackWriter();
    try (writer.out) {
      writer.value(value);
      return writer.out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void value(@Nullable Object value) throws IOException {
    if (value == null) {
      out.packNil();
    } else if (value instanceof Boolean bool) {
      out.packBoolean(bool);
    } else if (value instanceof Long integer) {
      out.packLong(integer);
    } else if (value instanceof BigInteger integer) {
      bigInteger(integer);
    } else if (value instanceof Double number) {
      out.packDouble(number.isNaN() ? Double.NaN : number);
    } else if (value instanceof String text) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      out.packRawStringHeader(utf8.length);
      out.writePayload(utf8);
    } else if (value instanceof Bytes bytes) {
      out.packBinaryHeader(bytes.size());
      out.writePayload(bytes.toByteArray());
    } else if (value instanceof Instant time) {
      out.packTimestamp(time.getEpochSecond(), time.getNano());
    } else if (value instanceof BigDecimal decimal) {
      extension(DECIMAL, Decimals.canonical(decimal).getBytes(StandardCharsets.US_ASCII));
    } else if (value instanceof List<?> list) {
      out.packArrayHeader(list.size());
      for (Object element : list) {
        value(element);
      }
    } else if (value instanceof Map<?, ?> map) {
      out.packMapHeader(map.size());
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        value(entry.getKey());
        value(entry.getValue());
      }
    } else {
      throw new IllegalStateException("not a value of the model: " + value.getClass());
    }
  }

  private void bigInteger(BigInteger integer) throws IOException {
    if (integer.signum() > 0 && integer.bitLength() <= Long.SIZE) {
      out.packBigInteger(integer);
    } else {
      extension(BIG_INTEGER, integer.toByteArray());
    }
  }

  private void extension(byte type, byte[] content) throws IOException {
    out.packExtensionTypeHeader(type, content.length);
    out.writePayload(content);
  }
}
