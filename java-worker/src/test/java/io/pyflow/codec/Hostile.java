package io.pyflow.codec;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;

/**
 * A stream of texts that somebody might send, by a seed: those of the vectors, mutated, and what is
 * likely to hurt put into envelopes (protocol/fuzz).
 */
final class Hostile {
  /** {@code PYFLOW_FUZZ_SEED=n} takes another stream. */
  static final long SEED =
      Long.parseLong(Optional.ofNullable(System.getenv("PYFLOW_FUZZ_SEED")).orElse("1"));

  static final Map<String, List<String>> PIECES = pieces();

  private static final Path PROTOCOL = Path.of("..", "protocol");
  private static final int LONGEST = 20_000; // characters: more shows nothing that this does not
  private static final List<Integer> DEPTHS = List.of(0, 1, 63, 64, 65, 255, 256, 257, 300);
  private static final Map<String, String> TAGS =
      Map.of("$ts", "timestamps", "$dec", "decimals", "$bytes", "base64", "$float", "nonfinite");

  private final Random random;
  private final List<String> known;

  Hostile(long seed) {
    random = new Random(seed);
    known = known();
  }

  /** How many to try: {@code PYFLOW_FUZZ=n} says, else as many as a usual run has time for. */
  static int count(int usual) {
    return Optional.ofNullable(System.getenv("PYFLOW_FUZZ")).map(Integer::parseInt).orElse(usual);
  }

  String text() {
    String made =
        switch (random.nextInt(4)) {
          case 0 -> choose(known);
          case 1 -> json(3);
          default -> envelope();
        };
    return random.nextBoolean() ? mutated(made) : made;
  }

  private String json(int room) {
    if (room == 0 || random.nextInt(5) < 2) {
      return leaf();
    }
    return switch (random.nextInt(4)) {
      case 0 -> "[" + many(() -> json(room - 1)) + "]";
      case 1 -> "{" + many(() -> quoted(key()) + ":" + json(room - 1)) + "}";
      case 2 -> "{\"$map\":[[" + json(1) + "," + json(room - 1) + "],[" + leaf() + ",1]]}";
      default -> {
        int depth = choose(DEPTHS);
        yield "[".repeat(depth) + leaf() + "]".repeat(depth);
      }
    };
  }

  private String leaf() {
    return switch (random.nextInt(6)) {
      case 0 -> piece("numbers");
      case 1 -> piece("words");
      case 2 -> piece("integers");
      case 3 -> quoted(piece("texts"));
      default -> {
        String tag = choose(List.of("$ts", "$dec", "$bytes", "$float"));
        yield "{" + quoted(tag) + ":" + quoted(piece(TAGS.get(tag))) + "}";
      }
    };
  }

  private String key() {
    return random.nextBoolean() ? piece("keys") : piece("texts");
  }

  private String envelope() {
    String enc = choose(List.of("json", "xjson", "msgpack"));
    List<String> names =
        choose(
            List.of(
                List.of(),
                List.of(),
                List.of("zlib"),
                List.of("test-xor"),
                List.of("zlib", "test-xor"),
                List.of("acme-kms")));
    String content;
    if (names.isEmpty() && random.nextBoolean()) {
      content = "\"value\":" + json(3);
    } else {
      byte[] data = enc.equals("msgpack") ? packed() : json(3).getBytes(StandardCharsets.UTF_8);
      for (String name : names) {
        data = transformed(random.nextInt(10) == 0 ? broken(data) : data, name);
      }
      content = "\"data\":\"" + Base64.getEncoder().encodeToString(data) + "\"";
    }
    String more = random.nextInt(5) == 0 ? ",\"h\":{\"x-a\":" + json(1) + "}" : "";
    String codecs = String.join(",", names.stream().map(Hostile::quoted).toList());
    return "{\"$pyflow\":1,\"enc\":\"%s\",\"codecs\":[%s],%s%s}"
        .formatted(enc, codecs, content, more);
  }

  private byte[] packed() {
    byte[] bytes = new byte[random.nextInt(30)];
    random.nextBytes(bytes);
    if (random.nextBoolean()) {
      String text = choose(known);
      int start = text.indexOf("\"data\":\"") + 8;
      if (start >= 8 && text.contains("msgpack")) {
        try {
          bytes = Base64.getDecoder().decode(text.substring(start, text.indexOf('"', start)));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
          // Not every vector has base64 there: the random bytes do as well.
        }
      }
    }
    return broken(bytes);
  }

  private byte[] broken(byte[] bytes) {
    int at = random.nextInt(bytes.length + 1);
    int end = Math.min(bytes.length, at + random.nextInt(3));
    byte[] piece =
        random.nextBoolean()
            ? HexFormat.of().parseHex(piece("bytes"))
            : new byte[random.nextInt(2)];
    ByteArrayOutputStream broken = new ByteArrayOutputStream();
    broken.write(bytes, 0, at);
    broken.writeBytes(piece);
    broken.write(bytes, end, bytes.length - end);
    return broken.toByteArray();
  }

  private static byte[] transformed(byte[] bytes, String name) {
    if (name.equals("zlib")) {
      ByteArrayOutputStream compressed = new ByteArrayOutputStream();
      try (DeflaterOutputStream out = new DeflaterOutputStream(compressed)) {
        out.write(bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return compressed.toByteArray();
    }
    return name.equals("test-xor") ? Vectors.XOR.encode(bytes) : bytes;
  }

  private String mutated(String made) {
    String text = made;
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      int at = random.nextInt(text.length() + 1);
      int end = Math.min(text.length(), at + random.nextInt(4));
      String other = choose(known);
      int place = random.nextInt(other.length() + 1);
      String piece =
          switch (random.nextInt(7)) {
            case 0 -> piece("words");
            case 1 -> piece("numbers");
            case 2 -> other.substring(place, Math.min(other.length(), place + 30));
            case 3 -> "";
            case 4 -> String.valueOf("[]{}\",:\\0123456789.eE+-$ ".charAt(random.nextInt(25)));
            case 5 -> text.substring(at, Math.min(text.length(), at + 8)).repeat(50);
            default -> "\ud800";
          };
      text = text.substring(0, at) + piece + text.substring(end);
    }
    return text.substring(0, Math.min(text.length(), LONGEST));
  }

  private String many(java.util.function.Supplier<String> one) {
    return String.join(",", Stream.generate(one).limit(random.nextInt(4)).toList());
  }

  private String piece(String kind) {
    return choose(PIECES.get(kind));
  }

  private <T> T choose(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  private static String quoted(String text) {
    return Same.JSON.valueToTree(text).toString();
  }

  private static Map<String, List<String>> pieces() {
    Map<String, List<String>> pieces = new LinkedHashMap<>();
    read(Path.of("..", "protocol", "fuzz", "pieces.json"))
        .properties()
        .forEach(
            entry ->
                pieces.put(
                    entry.getKey(), entry.getValue().valueStream().map(Notation::text).toList()));
    return pieces;
  }

  private static List<String> known() {
    List<String> found = new ArrayList<>();
    for (String folder : List.of("values", "payloads", "failures")) {
      try (Stream<Path> files = Files.list(PROTOCOL.resolve("vectors").resolve(folder))) {
        files.sorted().forEach(file -> read(file).forEach(vector -> add(vector, found)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return found.stream().filter(text -> text.length() <= LONGEST).toList();
  }

  private static void add(JsonNode vector, List<String> found) {
    for (String key : List.of("text", "plain", "xjson", "details")) {
      if (vector.hasNonNull(key)) {
        found.add(Notation.text(vector.get(key)));
      }
    }
    if (vector.hasNonNull("msgpack")) {
      String data = Base64.getEncoder().encodeToString(Notation.bytes(vector.get("msgpack")));
      found.add("{\"$pyflow\":1,\"enc\":\"msgpack\",\"data\":\"" + data + "\"}");
    }
  }

  private static JsonNode read(Path file) {
    try {
      return Same.JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
