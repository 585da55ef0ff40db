package io.pyflow.worker;

import io.pyflow.codec.PayloadConverter;
import io.pyflow.store.PayloadStore;
import io.pyflow.worker.internal.AwsClients;
import io.pyflow.worker.internal.AwsSwfGateway;
import io.pyflow.worker.internal.Payloads;
import io.pyflow.worker.internal.SwfGateway;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.swf.SwfClient;

/** What describes the way to SWF and how payloads are written, whoever goes that way. */
abstract class SwfAccess<B extends SwfAccess<B>> {
  private final Map<String, PayloadStore> stores = new LinkedHashMap<>();
  private Optional<SwfGateway> gateway = Optional.empty();
  private Optional<SwfClient> client = Optional.empty();
  private Optional<String> endpoint = Optional.empty();
  private Optional<String> region = Optional.empty();
  private PayloadConverter converter = PayloadConverter.standard();

  SwfAccess() {}

  abstract B self();

  /** Another way to SWF, for tests. */
  B gateway(SwfGateway value) {
    this.gateway = Optional.of(value);
    return self();
  }

  /**
   * The client to use instead of one that is made. Of a worker, its socket timeout must be 75
   * seconds, not the default of 30, and its retries off: a poll that is cut, or sent again, can
   * lose a task. It is not closed.
   *
   * @param value a client
   * @return this builder
   */
  public B client(SwfClient value) {
    this.client = Optional.of(value);
    return self();
  }

  /**
   * Where SWF is; else the environment's {@code AWS_ENDPOINT_URL_SWF} or {@code AWS_ENDPOINT_URL},
   * else AWS. On loopback, missing credentials and region don't matter.
   *
   * @param url such as {@code http://127.0.0.1:4599}
   * @return this builder
   */
  public B endpoint(URI url) {
    this.endpoint = Optional.of(url.toString());
    return self();
  }

  /**
   * The AWS region; else that of the environment or the profile.
   *
   * @param name such as {@code eu-west-1}
   * @return this builder
   */
  public B region(String name) {
    this.region = Optional.of(name);
    return self();
  }

  /**
   * How values are written and read, with which keys and codecs: {@link
   * PayloadConverter#standard()} unless told otherwise.
   *
   * @param value a converter
   * @return this builder
   */
  public B converter(PayloadConverter value) {
    this.converter = value;
    return self();
  }

  /**
   * Where values are kept that SWF can't hold: nowhere unless told so. What does not fit is written
   * to the first store, and read from all.
   *
   * @param name that payloads carry, matching {@code [A-Za-z0-9_.-]{1,64}}
   * @param store such as a {@link io.pyflow.store.FileStore}
   * @return this builder
   */
  public B store(String name, PayloadStore store) {
    this.stores.put(name, store);
    return self();
  }

  PayloadConverter converter() {
    return converter;
  }

  Payloads payloads() {
    return new Payloads(converter, stores);
  }

  /** The way that was described; so many calls may be under way on a client that is made for it. */
  SwfGateway swf(String domain, String identity, int calls) {
    return gateway.orElseGet(() -> ofAws(domain, identity, calls));
  }

  private SwfGateway ofAws(String domain, String identity, int calls) {
    Optional<URI> url = AwsClients.endpoint(endpoint, System.getenv());
    return new AwsSwfGateway(
        client.orElseGet(() -> AwsClients.create(url, region, calls)),
        domain,
        identity,
        url.map(URI::toString).orElse("AWS"),
        client.isEmpty());
  }
}
