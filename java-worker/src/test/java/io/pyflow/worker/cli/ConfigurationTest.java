package io.pyflow.worker.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {
  private static final String KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

  @TempDir Path folder;

  private Path file(String content) throws IOException {
    return Files.writeString(folder.resolve("keys.json"), content.replace("KEY", KEY));
  }

  @Test
  void aKeyFileIsARing() throws IOException {
    Path both = file("{\"encrypt_with\": \"a\", \"keys\": {\"a\": \"KEY\", \"b\": \"KEY\"}}");
    assertThat(Configuration.keyRing(both)).hasToString("KeyRing[a, b; encrypts with a]");
    assertThat(Configuration.keyRing(file("{\"keys\": {\"a\": \"KEY\"}}")).encryptWith()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{; is no JSON",
        "[]; has no object of keys",
        "{\"keys\": {\"a\": \"AA==\"}}; can't be used: the key 'a' has 1 bytes, and AES-256 takes 32: draw random ones",
        "{\"keys\": {\"a\": 7}}; can't be used: the key 'a' is no base64",
        "{\"keys\": {\"a\": \"KEY\"}, \"encrypt_with\": \"b\"}; can't be used: a key ring encrypts with 'b', and has no such key",
        "{\"keys\": {\"a\": \"KEY\"}, \"encrypt_with\": 7}; has an encrypt_with that is no text",
      })
  void aKeyFileThatIsNoneIsRefusedInOneSentence(String content, String sentence)
      throws IOException {
    Path file = file(content);
    assertThatThrownBy(() -> Configuration.keyRing(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the key file %s %s".formatted(file, sentence));
  }

  @Test
  void aKeyFileThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> Configuration.keyRing(folder.resolve("no.json")))
        .hasMessage(
            "the key file %s can't be read: No such file or directory"
                .formatted(folder.resolve("no.json")));
  }

  @ParameterizedTest
  @CsvSource({
    "/srv/payloads, default, /srv/payloads",
    "big=/srv/payloads, big, /srv/payloads",
    "./a=b, default, ./a=b"
  })
  void aStoreIsANameAndAFolder(String text, String name, String where) {
    assertThat(Configuration.store(text).getKey()).isEqualTo(name);
    assertThat(Configuration.store(text).getValue()).hasToString(where);
  }

  @Test
  void anotherPlaceIsForTheBuilder() {
    assertThatThrownBy(() -> Configuration.store("ftp://bucket/shop"))
        .hasMessage("the store ftp://bucket/shop is no folder and no s3://BUCKET/PREFIX");
  }
}
