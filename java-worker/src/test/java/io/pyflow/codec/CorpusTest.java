package io.pyflow.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What earlier releases wrote, in three languages, is read for ever (protocol/corpus). */
class CorpusTest {
  private static final Path CORPUS = Path.of("..", "protocol", "corpus");
  private static final List<String> WRITERS = List.of("python", "ruby", "java");

  @TestFactory
  Stream<DynamicTest> whatWasWrittenIsRead() throws IOException {
    try (Stream<Path> releases = Files.list(CORPUS)) {
      List<Path> found = releases.filter(Files::isDirectory).sorted().toList();
      assertThat(found).isNotEmpty();
      return found.stream()
          .flatMap(release -> WRITERS.stream().flatMap(writer -> tests(release, writer)));
    }
  }

  private static Stream<DynamicTest> tests(Path release, String writer) {
    try {
      return Same.JSON
          .readTree(release.resolve(writer + ".json").toFile())
          .valueStream()
          .map(
              entry ->
                  DynamicTest.dynamicTest(
                      release.getFileName() + " " + writer + " " + entry.get("name").textValue(),
                      () -> reads(release, entry)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void reads(Path release, JsonNode entry) throws IOException {
    if (entry.has("failure")) {
      Failure read =
          Vectors.CONVERTER.decodeFailure(
              entry.get("reason").textValue(), entry.get("details").textValue());
      FailureVectorsTest.assertSame(read, Notation.failure(entry.get("failure")));
      return;
    }
    String text = entry.get("text").textValue();
    Payload read = Vectors.CONVERTER.decode(text);
    if (read.value() instanceof Reference reference) {
      byte[] stored = Files.readAllBytes(release.resolve("store").resolve(reference.key()));
      read = Vectors.CONVERTER.resolve(text, stored);
    }
    assertThat(Same.value(read.value(), Notation.value(entry.get("value")))).isTrue();
    Object headers = entry.has("headers") ? Notation.value(entry.get("headers")) : Map.of();
    assertThat(Same.value(read.headers(), headers)).isTrue();
    assertThat(read.id()).isEqualTo(Optional.ofNullable(entry.get("id")).map(JsonNode::textValue));
  }
}
