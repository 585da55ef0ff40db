import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pyflow.codec.PayloadConverter;
import io.pyflow.codec.PayloadOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.msgpack.core.MessagePack;

/**
 * Java's codings beside Jackson, msgpack-core and zlib. Reads documents (see coding.py) from a
 * file, prints ratios as JSON.
 */
public final class Coding {
  private static final int ROUNDS = 40;
  private static final int WARM = 100;
  private static final ObjectMapper JACKSON = new ObjectMapper();
  private static final PayloadConverter CONVERTER = PayloadConverter.standard();
  private static final PayloadOptions PLAIN = PayloadOptions.of("payload").withLimit(1 << 20);
  private static final PayloadOptions PACKED =
      PayloadOptions.of("payload").withCoding(io.pyflow.codec.Coding.MSGPACK);

  private interface Step {
    Object apply(Object input) throws Exception;
  }

  private record Measured(Step step, List<?> inputs) {}

  private Coding() {}

  public static void main(String[] args) throws Exception {
    JsonNode asked = JACKSON.readTree(Path.of(args[0]).toFile());
    List<Double> ratios = new ArrayList<>();
    for (JsonNode document : asked.get("plain")) {
      List<?> values = JACKSON.convertValue(document.get("values"), List.class);
      ratios.add(plain(values, document.get("times").asInt()));
    }
    Object packed = JACKSON.convertValue(asked.get("packed"), Object.class);
    System.out.println(
        JACKSON.writeValueAsString(Map.of("plain", ratios, "packed", packed(packed, 2))));
  }

  private static double plain(List<?> values, int times) throws Exception {
    List<String> texts = new ArrayList<>();
    for (Object value : values) {
      texts.add(JACKSON.writeValueAsString(value));
    }
    return ratio(
        times,
        new Measured(JACKSON::writeValueAsString, values),
        new Measured(text -> JACKSON.readValue((String) text, Object.class), texts),
        new Measured(value -> CONVERTER.encode(value, PLAIN), values),
        new Measured(text -> CONVERTER.decode((String) text), texts));
  }

  private static double packed(Object value, int times) throws Exception {
    return ratio(
        times,
        new Measured(Coding::pack, List.of(value)),
        new Measured(text -> unpack((String) text), List.of(pack(value))),
        new Measured(each -> CONVERTER.encode(each, PACKED), List.of(value)),
        new Measured(
            text -> CONVERTER.decode((String) text), List.of(CONVERTER.encode(value, PACKED))));
  }

  private static String pack(Object value) throws Exception {
    try (var packer = MessagePack.newDefaultBufferPacker()) {
      Bare.write(packer, value);
      var bytes = new ByteArrayOutputStream();
      try (var zlib = new DeflaterOutputStream(bytes)) {
        zlib.write(packer.toByteArray());
      }
      return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
  }

  private static Object unpack(String text) throws Exception {
    var bytes = new ByteArrayInputStream(Base64.getDecoder().decode(text));
    try (var unpacker =
        MessagePack.newDefaultUnpacker(new InflaterInputStream(bytes).readAllBytes())) {
      return Bare.read(unpacker);
    }
  }

  /** Of our two steps over the bare two: the median of the rounds, so that a neighbour disturbs both. */
  private static double ratio(int times, Measured... steps) throws Exception {
    for (Measured step : steps) {
      cpu(step, WARM * times); // until it is compiled
    }
    double[] ratios = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      double bare = cpu(steps[0], times) + cpu(steps[1], times);
      ratios[round] = (cpu(steps[2], times) + cpu(steps[3], times)) / bare;
    }
    Arrays.sort(ratios);
    return ratios[ROUNDS / 2];
  }

  private static double cpu(Measured measured, int times) throws Exception {
    long begun = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    for (int i = 0; i < times; i++) {
      for (Object input : measured.inputs()) {
        measured.step().apply(input);
      }
    }
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begun;
  }

  /** What msgpack-core leaves to its users: values of JSON, without a check. */
  private static final class Bare {
    static void write(org.msgpack.core.MessagePacker packer, Object value) throws Exception {
      if (value instanceof Map<?, ?> map) {
        packer.packMapHeader(map.size());
        for (var entry : map.entrySet()) {
          packer.packString((String) entry.getKey());
          write(packer, entry.getValue());
        }
      } else if (value instanceof List<?> list) {
        packer.packArrayHeader(list.size());
        for (Object each : list) {
          write(packer, each);
        }
      } else if (value instanceof String text) {
        packer.packString(text);
      } else if (value instanceof Double number) {
        packer.packDouble(number);
      } else if (value instanceof Number number) {
        packer.packLong(number.longValue());
      } else if (value instanceof Boolean truth) {
        packer.packBoolean(truth);
      } else {
        packer.packNil();
      }
    }

    static Object read(org.msgpack.core.MessageUnpacker unpacker) throws Exception {
      switch (unpacker.getNextFormat().getValueType()) {
        case MAP -> {
          int size = unpacker.unpackMapHeader();
          Map<String, Object> map = new LinkedHashMap<>();
          for (int i = 0; i < size; i++) {
            map.put(unpacker.unpackString(), read(unpacker));
          }
          return map;
        }
        case ARRAY -> {
          int size = unpacker.unpackArrayHeader();
          List<Object> list = new ArrayList<>();
          for (int i = 0; i < size; i++) {
            list.add(read(unpacker));
          }
          return list;
        }
        case STRING -> {
          return unpacker.unpackString();
        }
        case FLOAT -> {
          return unpacker.unpackDouble();
        }
        case INTEGER -> {
          return unpacker.unpackLong();
        }
        case BOOLEAN -> {
          return unpacker.unpackBoolean();
        }
        default -> {
          unpacker.unpackNil();
          return null;
        }
      }
    }
  }
}
