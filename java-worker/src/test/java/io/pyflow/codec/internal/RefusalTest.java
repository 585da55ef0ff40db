package io.pyflow.codec.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RefusalTest {
  @Test
  void theSentencesAreThoseOfTheContract() throws IOException {
    JsonNode table = new ObjectMapper().readTree(Path.of("../protocol/refusals.json").toFile());
    Map<String, List<String>> contract = new LinkedHashMap<>();
    table
        .properties()
        .forEach(
            row ->
                contract.put(
                    row.getKey(),
                    List.of(
                        row.getValue().get("type").textValue(),
                        row.getValue().get("sentence").textValue())));
    Map<String, List<String>> ours = new LinkedHashMap<>();
    for (Refusal refusal : Refusal.values()) {
      ours.put(
          refusal.name().toLowerCase(Locale.ROOT).replace('_', '-'),
          List.of("pyflow." + refusal.type(), refusal.words()));
    }
    assertThat(ours).isEqualTo(contract);
  }
}
