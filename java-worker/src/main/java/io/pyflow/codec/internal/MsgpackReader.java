package io.pyflow.codec.internal;

import io.pyflow.codec.Bytes;
import io.pyflow.codec.PayloadException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.ExtensionTypeHeader;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageUnpacker;

/**
 * msgpack as a value of the model. Only headers are left to the library: its own reading of values
 * recurses without bound and allocates what a header claims.
 */
final class MsgpackReader {
  private static final byte TIMESTAMP = -1;
  private static final int LONGEST_INTEGER = 416;
  private static final long UINT32 = 0xffff_ffffL;

  private final MessageUnpacker in;
  private final int length;
  private long owed = 1; // items that headers promised and that are yet to come

  private MsgpackReader(byte[] bytes) {
    in = MessagePack.newDefaultUnpacker(bytes);
    length = bytes.length;
  }

  static @Nullable Object read(byte[] bytes) {
    MsgpackReader reader = new MsgpackReader(bytes);
    try {
      Object value = reader.value(0);
      if (reader.left() > 0) {
        throw Refusal.MSGPACK_REST.with(Shown.at(reader.in.getTotalReadBytes()));
      }
      return value;
    } catch (IOException | MessagePackException e) { // of lengths it says that they are too large
      throw reader.tooShort();
    }
  }

  private @Nullable Object value(int outer) throws IOException {
    if (left() < 1) {
      throw tooShort();
    }
    long start = in.getTotalReadBytes();
    owed--;
    switch (in.getNextFormat()) {
      case NIL -> {
        in.unpackNil();
        return null;
      }
      case BOOLEAN -> {
        return in.unpackBoolean();
      }
      case POSFIXINT, NEGFIXINT, UINT8, UINT16, UINT32, INT8, INT16, INT32, INT64 -> {
        return in.unpackLong();
      }
      case UINT64 -> {
        return Integers.normal(in.unpackBigInteger());
      }
      case FLOAT32 -> {
        return (double) in.unpackFloat();
      }
      case FLOAT64 -> {
        return in.unpackDouble();
      }
      case FIXSTR, STR8, STR16, STR32 -> {
        return Utf8.read(take(in.unpackRawStringHeader()), () -> Shown.at(start));
      }
      case BIN8, BIN16, BIN32 -> {
        return Bytes.of(take(in.unpackBinaryHeader()));
      }
      case FIXARRAY, ARRAY16, ARRAY32 -> {
        return array(promised(in.unpackArrayHeader(), 1), Depth.decoding(outer + 1));
      }
      case FIXMAP, MAP16, MAP32 -> {
        return map(promised(in.unpackMapHeader(), 2), Depth.decoding(outer + 1));
      }
      case FIXEXT1, FIXEXT2, FIXEXT4, FIXEXT8, FIXEXT16, EXT8, EXT16, EXT32 -> {
        return extension(in.unpackExtensionTypeHeader(), Shown.at(start));
      }
      default -> throw Refusal.MSGPACK_BYTE.with(Shown.at(start));
    }
  }

  private List<@Nullable Object> array(int size, int depth) throws IOException {
    List<@Nullable Object> array = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      array.add(value(depth));
    }
    return array;
  }

  private Map<Object, @Nullable Object> map(int size, int depth) throws IOException {
    Map<Object, @Nullable Object> map = new LinkedHashMap<>();
    for (int i = 0; i < size; i++) {
      long start = in.getTotalReadBytes();
      Object key = Xjson.key(map, value(depth), () -> Shown.at(start));
      map.put(key, value(depth));
    }
    return map;
  }

  private Object extension(ExtensionTypeHeader header, String where) throws IOException {
    byte[] content = take(header.getLength());
    switch (header.getType()) {
      case TIMESTAMP -> {
        return timestamp(ByteBuffer.wrap(content), where);
      }
      case MsgpackWriter.BIG_INTEGER -> {
        if (content.length < 1 || content.length > LONGEST_INTEGER) {
          throw Refusal.MSGPACK_INTEGER.with(content.length, where);
        }
        BigInteger integer = new BigInteger(content);
        if (Integers.tooLong(integer)) {
          throw Refusal.INTEGER_DIGITS.with(where);
        }
        return Integers.normal(integer);
      }
      case MsgpackWriter.DECIMAL -> {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        boolean ascii = text.chars().allMatch(c -> c < 0x80);
        return Decimals.read(ascii ? text : content, () -> where);
      }
      default -> throw Refusal.MSGPACK_EXTENSION.with(header.getType(), where);
    }
  }

  private static Object timestamp(ByteBuffer content, String where) {
    switch (content.remaining()) {
      case 4 -> {
        return Timestamps.of(content.getInt() & UINT32, 0, where);
      }
      case 8 -> {
        long both = content.getLong();
        return Timestamps.of(both & 0x3_ffff_ffffL, both >>> 34, where);
      }
      case 12 -> {
        long nanos = content.getInt() & UINT32;
        return Timestamps.of(content.getLong(), nanos, where);
      }
      default -> throw Refusal.MSGPACK_TIMESTAMP.with(content.remaining(), where);
    }
  }

  /** Refuses a count that the bytes left cannot hold, each item being a byte at least. */
  private int promised(int size, int itemsEach) {
    owed += (long) size * itemsEach;
    if (owed > left()) {
      throw tooShort();
    }
    return size;
  }

  private byte[] take(int size) throws IOException {
    if (size > left()) {
      throw tooShort();
    }
    return in.readPayload(size);
  }

  private PayloadException tooShort() {
    return Refusal.MSGPACK_END.with(length);
  }

  private long left() {
    return length - in.getTotalReadBytes();
  }
}
