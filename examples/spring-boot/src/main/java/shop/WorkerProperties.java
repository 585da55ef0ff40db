package shop;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** {@code pyflow.*} of the configuration. */
@ConfigurationProperties("pyflow")
public record WorkerProperties(
    String domain,
    String taskList,
    Optional<URI> endpoint,
    @DefaultValue("10") int concurrency,
    @DefaultValue("70s") Duration gracefulTimeout) {}
