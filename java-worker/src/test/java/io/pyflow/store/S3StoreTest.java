package io.pyflow.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/** Against a bucket in memory; integration-tests has it against moto's server. */
class S3StoreTest {
  private static final String KEY = "sha256/2c/2cf24dba";
  private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

  private final Map<String, byte[]> objects = new LinkedHashMap<>();
  private int puts;

  private final S3Client client =
      new S3Client() {
        @Override
        public PutObjectResponse putObject(PutObjectRequest request, RequestBody body) {
          puts++;
          try {
            objects.put(
                request.bucket() + "/" + request.key(),
                body.contentStreamProvider().newStream().readAllBytes());
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          return PutObjectResponse.builder().build();
        }

        @Override
        public HeadObjectResponse headObject(HeadObjectRequest request) {
          found(request.bucket(), request.key());
          return HeadObjectResponse.builder().build();
        }

        @Override
        public ResponseInputStream<GetObjectResponse> getObject(GetObjectRequest request) {
          byte[] bytes = found(request.bucket(), request.key());
          return new ResponseInputStream<>(
              GetObjectResponse.builder().build(),
              AbortableInputStream.create(new ByteArrayInputStream(bytes)));
        }

        private byte[] found(String bucket, String key) {
          if (bucket.equals("away")) {
            throw SdkClientException.create("nobody is there");
          }
          byte[] bytes = objects.get(bucket + "/" + key);
          if (bytes == null) {
            throw NoSuchKeyException.builder().message("no such key").build();
          }
          return bytes;
        }

        @Override
        public String serviceName() {
          return "s3";
        }

        @Override
        public void close() {}
      };

  @Test
  void whatIsPutIsInTheBucketBehindThePrefixOnce() throws IOException {
    S3Store store = new S3Store("payloads", "/shop/", client);
    store.put(KEY, HELLO);
    store.put(KEY, HELLO);
    assertThat(objects).containsOnlyKeys("payloads/shop/" + KEY);
    assertThat(puts).isEqualTo(1);
    assertThat(store.get(KEY, 5)).hasValueSatisfying(it -> assertThat(it).isEqualTo(HELLO));
    assertThat(store.get(KEY, 2)).hasValueSatisfying(it -> assertThat(it).hasSize(3));
    assertThat(store).hasToString("s3://payloads/shop");
  }

  @Test
  void aKeyWithoutAnObjectHasNothing() throws IOException {
    assertThat(new S3Store("payloads", "", client).get(KEY, 5)).isEmpty();
  }

  @Test
  void aBucketThatCannotBeReachedIsTold() {
    S3Store store = new S3Store("away", "", client);
    assertThatThrownBy(() -> store.get(KEY, 5))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nobody is there");
    assertThatThrownBy(() -> store.put(KEY, HELLO)).isInstanceOf(IOException.class);
  }
}
