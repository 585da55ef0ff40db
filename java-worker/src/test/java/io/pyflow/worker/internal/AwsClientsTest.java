package io.pyflow.worker.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AwsClientsTest {
  private static final Map<String, String> BOTH =
      Map.of("AWS_ENDPOINT_URL_SWF", "http://swf:1", "AWS_ENDPOINT_URL", "http://any:1");

  @Test
  void theEndpointIsTheOneAskedForThenThatOfSwfThenThatOfAllThenAws() {
    assertThat(AwsClients.endpoint(Optional.of("http://asked:1"), BOTH))
        .contains(URI.create("http://asked:1"));
    assertThat(AwsClients.endpoint(Optional.empty(), BOTH)).contains(URI.create("http://swf:1"));
    assertThat(
            AwsClients.endpoint(
                Optional.empty(),
                Map.of("AWS_ENDPOINT_URL_SWF", "", "AWS_ENDPOINT_URL", "http://any:1")))
        .contains(URI.create("http://any:1"));
    assertThat(AwsClients.endpoint(Optional.empty(), Map.of())).isEmpty();
  }

  @Test
  void anEndpointThatIsNoUrlIsRefused() {
    for (String text : new String[] {"localhost:4599", "ftp://x", "http://", "not a url", "x"}) {
      assertThatThrownBy(() -> AwsClients.endpoint(Optional.of(text), Map.of()))
          .hasMessage("endpoint '%s' is no URL like http://127.0.0.1:4599", text);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:4599, true",
    "http://localhost:1, true",
    "http://[::1]:1, true",
    "http://10.0.0.1:1, false",
    "https://swf.eu-west-1.amazonaws.com, false",
    "http://127.evil.example, false",
  })
  void onlyLoopbackGetsMadeUpCredentials(String endpoint, boolean loopback) {
    assertThat(AwsClients.isLoopback(URI.create(endpoint))).isEqualTo(loopback);
  }
}
