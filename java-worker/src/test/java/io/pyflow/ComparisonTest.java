package io.pyflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the README says of other ways to write an activity is counted here, and compiled. */
class ComparisonTest {
  private static final Path HERE = Path.of("comparison");

  @TempDir Path classes;

  /** Lines that say something: no blank ones, imports, comments and lone brackets. */
  private static long lines(String folder) throws IOException {
    try (Stream<Path> files = Files.list(HERE.resolve(folder))) {
      return files.mapToLong(ComparisonTest::lines).sum();
    }
  }

  private static long lines(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .map(String::strip)
          .filter(line -> !line.startsWith("import ") && !line.matches("(/?\\*|//).*|[})\\];]*"))
          .count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theReadmeCountsRight() throws IOException {
    Pattern row = Pattern.compile("\\[comparison/(\\w+)\\]\\(comparison/\\w+/?\\) \\| (\\d+) \\|");
    List<MatchResult> rows = row.matcher(Files.readString(Path.of("README.md"))).results().toList();
    assertThat(rows).extracting(it -> it.group(1)).containsExactly("pyflow", "sdk", "flow");
    for (MatchResult it : rows) {
      assertThat(lines(it.group(1))).as(it.group(1)).isEqualTo(Long.parseLong(it.group(2)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"pyflow", "sdk"})
  void theProgramsCompile(String folder) {
    String file = HERE.resolve(folder).resolve("Cards.java").toString();
    String path = System.getProperty("java.class.path");
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-cp", path, "-d", classes.toString(), file))
        .isZero();
  }
}
