package io.pyflow.worker.internal;

import io.pyflow.worker.WorkerException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.net.ssl.TrustManager;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.swf.SwfClient;
import software.amazon.awssdk.services.swf.SwfClientBuilder;

/** Makes the SDK's client as a worker needs it. */
public final class AwsClients {
  /** A poll is held for 60 s; with the default of 30 s it would be cut, and its task lost. */
  private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(75);

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final int SPARE_CONNECTIONS = 8;
  private static final Region DUMMY_REGION = Region.US_EAST_1;

  private AwsClients() {}

  /** The endpoint asked for, else that of the environment, else AWS's own: none. */
  public static Optional<URI> endpoint(Optional<String> asked, Map<String, String> environment) {
    return asked
        .or(() -> variable(environment, "AWS_ENDPOINT_URL_SWF"))
        .or(() -> variable(environment, "AWS_ENDPOINT_URL"))
        .map(AwsClients::checked);
  }

  private static Optional<String> variable(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(Predicate.not(String::isBlank));
  }

  private static URI checked(String text) {
    try {
      URI uri = new URI(text);
      if (uri.getHost() != null && Stream.of("http", "https").anyMatch(uri.getScheme()::equals)) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // said below
    }
    throw new IllegalArgumentException(
        "endpoint '%s' is no URL like http://127.0.0.1:4599".formatted(text));
  }

  /** Whether requests stay on this machine, where credentials and a region mean nothing. */
  static boolean isLoopback(URI endpoint) {
    String host = endpoint.getHost();
    return host.equals("localhost")
        || host.matches("127(\\.[0-9]{1,3}){3}")
        || host.equals("[::1]");
  }

  /** A client for so many requests at a time; says in a sentence what is missing for AWS. */
  public static SwfClient create(Optional<URI> endpoint, Optional<String> region, int requests) {
    boolean local = endpoint.filter(AwsClients::isLoopback).isPresent();
    AwsCredentialsProvider credentials = local ? localCredentials() : credentials();
    SwfClientBuilder builder =
        SwfClient.builder()
            .region(region(region, local))
            .credentialsProvider(credentials)
            .httpClientBuilder(http(endpoint, requests))
            // A poll that the SDK sends again can lose a task; answers have a back-off of ours.
            .overrideConfiguration(
                config ->
                    config
                        .retryStrategy(AwsRetryStrategy.doNotRetry())
                        .scheduledExecutorService(CallTimers.shared()));
    endpoint.ifPresent(builder::endpointOverride);
    return builder.build();
  }

  private static ApacheHttpClient.Builder http(Optional<URI> endpoint, int requests) {
    ApacheHttpClient.Builder http =
        ApacheHttpClient.builder()
            .socketTimeout(SOCKET_TIMEOUT)
            .connectionTimeout(CONNECT_TIMEOUT)
            .maxConnections(requests + SPARE_CONNECTIONS)
            .tcpKeepAlive(true);
    if (endpoint.filter(url -> url.getScheme().equals("http")).isPresent()) {
      // Without TLS, reading the machine's certificates would be a good part of the start.
      http.tlsTrustManagersProvider(() -> new TrustManager[0]);
    }
    return http;
  }

  private static Region region(Optional<String> asked, boolean local) {
    if (asked.isPresent()) {
      return Region.of(asked.get());
    }
    if (local) {
      return DUMMY_REGION;
    }
    try {
      return DefaultAwsRegionProviderChain.builder().build().getRegion();
    } catch (SdkClientException e) {
      throw new WorkerException(
          "no AWS region is configured: give --region, set AWS_REGION, or give the --endpoint-url of a local SWF",
          e);
    }
  }

  private static AwsCredentialsProvider credentials() {
    AwsCredentialsProvider provider = DefaultCredentialsProvider.builder().build();
    try {
      provider.resolveCredentials();
      return provider;
    } catch (SdkClientException e) {
      throw new WorkerException(
          "no AWS credentials are found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile or a role, or give the --endpoint-url of a local SWF",
          e);
    }
  }

  private static AwsCredentialsProvider localCredentials() {
    return AwsCredentialsProviderChain.of(
        SystemPropertyCredentialsProvider.create(),
        EnvironmentVariableCredentialsProvider.create(),
        StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")));
  }
}
