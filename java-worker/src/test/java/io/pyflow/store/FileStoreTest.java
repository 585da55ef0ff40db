package io.pyflow.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileStoreTest {
  private static final String KEY =
      "sha256/2c/2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
  private static final byte[] HELLO = {'h', 'e', 'l', 'l', 'o'};

  @TempDir Path root;

  @Test
  void whatIsPutIsThereAtThePathThatItsKeyIs() throws IOException {
    new FileStore(root.resolve("made")).put(KEY, HELLO);
    assertThat(root.resolve("made").resolve(KEY)).hasBinaryContent(HELLO);
    assertThat(new FileStore(root.resolve("made")).get(KEY, 5)).contains(HELLO);
  }

  @Test
  void itIsWrittenOnceAndLeavesNothingElse() throws IOException {
    new FileStore(root).put(KEY, HELLO);
    new FileStore(root).put(KEY, HELLO);
    try (Stream<Path> files = Files.list(root.resolve(KEY).getParent())) {
      assertThat(files).containsExactly(root.resolve(KEY));
    }
  }

  @Test
  void aKeyWithoutAFileHasNothing() throws IOException {
    assertThat(new FileStore(root).get(KEY, 5)).isEmpty();
  }

  @Test
  void noMoreIsReadThanShowsThatItIsTooMuch() throws IOException {
    new FileStore(root).put(KEY, new byte[1_000]);
    assertThat(new FileStore(root).get(KEY, 5)).contains(new byte[6]);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc/passwd",
        "../up",
        "a/../b",
        "a//b",
        "a/./b",
        ".",
        "..",
        "",
        "a/",
        "./a",
        "a/..",
        "a\n"
      })
  void aKeyThatLeadsElsewhereIsRefused(String key) {
    assertThatThrownBy(() -> new FileStore(root).get(key, 5))
        .hasMessageContaining("is no path below the root");
    assertThatThrownBy(() -> new FileStore(root).put(key, HELLO))
        .hasMessageContaining("is no path below the root");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a.b/c=d", ".a/..b/c."})
  void otherKeysArePaths(String key) throws IOException {
    new FileStore(root).put(key, HELLO);
    assertThat(new FileStore(root).get(key, 5)).contains(HELLO);
  }
}
