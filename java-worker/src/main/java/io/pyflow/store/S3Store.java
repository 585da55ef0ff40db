package io.pyflow.store;

import java.io.IOException;
import java.util.Optional;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/**
 * A store in an S3 bucket. Thread-safe. Needs {@code software.amazon.awssdk:s3} on the class path,
 * which this library does not bring along. The bucket's lifecycle must keep objects longer than the
 * histories that refer to them.
 */
public final class S3Store implements PayloadStore {
  private final String bucket;
  private final String prefix;
  private final S3Client client;

  /**
   * A store that the SDK's own configuration reaches: credentials, region, {@code
   * AWS_ENDPOINT_URL_S3}.
   *
   * @param bucket its name
   * @param prefix before each key, with a slash between; may be empty
   */
  public S3Store(String bucket, String prefix) {
    this(bucket, prefix, S3Client.builder().httpClientBuilder(ApacheHttpClient.builder()).build());
  }

  /**
   * A store that this client reaches.
   *
   * @param bucket its name
   * @param prefix before each key, with a slash between; may be empty
   * @param client stays the caller's to close
   */
  public S3Store(String bucket, String prefix, S3Client client) {
    this.bucket = bucket;
    this.prefix = prefix.replaceAll("^/+|/+$", "");
    this.client = client;
  }

  @Override
  public void put(String key, byte[] bytes) throws IOException {
    try {
      if (!isThere(key)) {
        client.putObject(
            put -> put.bucket(bucket).key(object(key)).contentType("application/octet-stream"),
            RequestBody.fromBytes(bytes));
      }
    } catch (SdkException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private boolean isThere(String key) {
    try {
      client.headObject(head -> head.bucket(bucket).key(object(key)));
      return true;
    } catch (NoSuchKeyException e) {
      return false;
    }
  }

  @Override
  public Optional<byte[]> get(String key, int size) throws IOException {
    try (ResponseInputStream<GetObjectResponse> object =
        client.getObject(get -> get.bucket(bucket).key(object(key)))) {
      byte[] bytes = object.readNBytes(size + 1);
      if (bytes.length > size) {
        object.abort(); // whoever asked needs no more: the rest is not to be read
      }
      return Optional.of(bytes);
    } catch (NoSuchKeyException e) {
      return Optional.empty();
    } catch (SdkException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private String object(String key) {
    return prefix.isEmpty() ? key : prefix + "/" + key;
  }

  @Override
  public String toString() {
    return "s3://" + bucket + "/" + prefix;
  }
}
