package io.pyflow.worker.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pyflow.codec.Failure;
import io.pyflow.codec.KeyRing;
import io.pyflow.codec.PayloadConverter;
import io.pyflow.codec.PayloadDecodeException;
import io.pyflow.codec.PayloadOptions;
import io.pyflow.codec.PayloadUnavailableException;
import io.pyflow.codec.Reference;
import io.pyflow.codec.UnknownCodecException;
import io.pyflow.store.FileStore;
import io.pyflow.store.PayloadStore;
import io.pyflow.worker.Activities;
import io.pyflow.worker.Activity;
import io.pyflow.worker.ApplicationFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PayloadsTest {
  private static final PayloadConverter PLAIN = PayloadConverter.standard();
  private static final PayloadConverter KEYED =
      PLAIN.withKeys(KeyRing.of(Map.of("new", new byte[32], "old", new byte[32]), "new"));
  private static final PayloadOptions OPTIONS = PayloadOptions.of("result of bulk 1");

  /** 600 KB, 240 KB compressed. */
  private static final List<String> BIG =
      IntStream.range(0, 30_000).mapToObj(it -> String.valueOf(Math.pow(it, 7))).toList();

  private static final PayloadStore BROKEN =
      new PayloadStore() {
        @Override
        public void put(String key, byte[] bytes) throws IOException {
          throw new IOException("no answer\nafter 5 s");
        }

        @Override
        public Optional<byte[]> get(String key, int size) throws IOException {
          throw new IOException("no answer");
        }
      };

  @TempDir Path root;

  private Payloads with(PayloadConverter converter, String name) {
    return new Payloads(converter, Map.of(name, new FileStore(root)));
  }

  private Path stored(String text) {
    return root.resolve(((Reference) PLAIN.decode(text).value()).key());
  }

  @Test
  void whatDoesNotFitIsStoredAndFetched() throws IOException {
    Payloads payloads = with(PLAIN, "default");
    String text = payloads.encode(BIG, OPTIONS);
    assertThat(stored(text)).exists();
    assertThat(payloads.decode(text).value()).isEqualTo(BIG);
    assertThat(payloads.encode(7L, OPTIONS)).isEqualTo("7");
  }

  @Test
  void whatIsStoredIsEncrypted() {
    String text = with(KEYED, "default").encode(BIG, OPTIONS);
    assertThat(text).contains("\"codecs\":[\"zlib\",\"aes-256-gcm\"]");
    assertThat(with(KEYED, "default").decode(text).value()).isEqualTo(BIG);
    assertThatThrownBy(() -> with(PLAIN, "default").decode(text))
        .isInstanceOf(UnknownCodecException.class);
  }

  @Test
  void theFirstStoreIsWrittenToAndAllAreRead() {
    Map<String, PayloadStore> both = new LinkedHashMap<>();
    both.put("new", new FileStore(root.resolve("new")));
    both.put("old", new FileStore(root));
    String text = with(PLAIN, "old").encode(BIG, OPTIONS);
    assertThat(new Payloads(PLAIN, both).decode(text).value()).isEqualTo(BIG);
    assertThat(new Payloads(PLAIN, both).encode(BIG, OPTIONS)).contains("\"store\":\"new\"");
  }

  @Test
  void aStoreThatIsNotHereIsNamed() {
    String text = with(PLAIN, "old").encode(BIG, OPTIONS);
    assertThatThrownBy(() -> with(PLAIN, "new").decode(text))
        .isInstanceOf(PayloadUnavailableException.class)
        .hasMessage("a payload lies in the store \"old\", configured here: new");
  }

  @Test
  void anObjectThatIsGoneIsNamed() throws IOException {
    String text = with(PLAIN, "default").encode(BIG, OPTIONS);
    Files.delete(stored(text));
    assertThatThrownBy(() -> with(PLAIN, "default").decode(text))
        .isInstanceOf(PayloadUnavailableException.class)
        .hasMessage(
            "the store \"default\" has no %s: it was deleted, or another store is meant"
                .formatted(root.relativize(stored(text))));
  }

  @Test
  void anObjectThatWasChangedIsNoPayload() throws IOException {
    String text = with(PLAIN, "default").encode(BIG, OPTIONS);
    Files.write(stored(text), new byte[(int) Files.size(stored(text))]);
    assertThatThrownBy(() -> with(PLAIN, "default").decode(text))
        .isInstanceOf(PayloadDecodeException.class);
  }

  @Test
  void aStoreThatCannotBeReachedIsSaidInOneSentence() {
    Payloads far = new Payloads(PLAIN, Map.of("far", BROKEN));
    assertThatThrownBy(() -> far.encode(BIG, OPTIONS))
        .hasMessage(
            "result of bulk 1 can't be written to the store \"far\": IOException: no answer after 5 s");
    String text = with(PLAIN, "far").encode(BIG, OPTIONS);
    assertThatThrownBy(() -> far.decode(text))
        .hasMessage("the store \"far\" can't be read: IOException: no answer");
  }

  @Test
  void noMoreThan16MibAreFetched() {
    String text =
        "{\"$pyflow\":1,\"ref\":{\"store\":\"far\",\"key\":\"a\",\"size\":16777217,\"sha256\":\"%s\"}}"
            .formatted("a".repeat(64));
    assertThatThrownBy(() -> new Payloads(PLAIN, Map.of("far", BROKEN)).decode(text))
        .isInstanceOf(PayloadDecodeException.class)
        .hasMessage("a claim check is for 16777217 bytes, and at most 16777216 are fetched");
  }

  @Test
  void aStoresNameIsOneThatPayloadsCanCarry() {
    assertThatThrownBy(() -> with(PLAIN, "a/b"))
        .hasMessage("a store has the name 'a/b', which must match [A-Za-z0-9_.-]{1,64}");
  }

  @Activities(version = "1")
  public static class Shop {
    @Activity
    public Object echo(Object value) {
      return value;
    }

    @Activity
    public void decline(String card) {
      throw ApplicationFailure.builder("CardDeclined", card + " declined").build();
    }

    @Activity
    public Object bulk() {
      return BIG;
    }
  }

  private Outcome outcome(Payloads payloads, String name, String input)
      throws InterruptedException {
    FakeSwf swf = new FakeSwf();
    Workshop shop =
        Workshops.of(new Shop(), payloads, swf, new ManualScheduler(), new Statistics());
    new ActivityRun(FakeSwf.task(name, input), shop).run();
    return swf.nextAnswer().outcome();
  }

  @Test
  void aWorkerReadsAndWritesEncryptedAndThroughItsStore() throws InterruptedException {
    Payloads payloads = with(KEYED, "default");
    Outcome.Completed completed =
        (Outcome.Completed) outcome(payloads, "echo", payloads.encode(BIG, OPTIONS));
    assertThat(completed.result()).contains("aes-256-gcm", "\"ref\"");
    assertThat(payloads.decode(completed.result()).value()).isEqualTo(BIG);
  }

  @Test
  void aWorkersFailuresAreEncryptedAndTheirReasonIsNot() throws InterruptedException {
    Outcome.Failed failed =
        (Outcome.Failed) outcome(new Payloads(KEYED, Map.of()), "decline", "\"4111\"");
    assertThat(failed.reason()).isEqualTo("CardDeclined");
    assertThat(failed.details()).doesNotContain("4111");
    assertThat(KEYED.decodeFailure("", failed.details()).message()).isEqualTo("4111 declined");
  }

  @Test
  void whatAWorkerLacksAnotherMayHave() throws InterruptedException {
    PayloadConverter old = PLAIN.withKeys(KeyRing.forReading(Map.of("old", new byte[32])));
    Failure noKey =
        failure(new Payloads(old, Map.of()), "echo", KEYED.encode(7L, PayloadOptions.of("it")));
    assertThat(noKey.type()).isEqualTo("pyflow.UnknownCodec");
    assertThat(noKey.message())
        .isEqualTo("a payload needs the key \"new\" of aes-256-gcm, configured here: old");
    assertThat(noKey.nonRetryable()).isFalse();
    Failure noStore = failure(new Payloads(PLAIN, Map.of("far", BROKEN)), "bulk", null);
    assertThat(noStore.type()).isEqualTo("pyflow.PayloadUnavailable");
    assertThat(noStore.nonRetryable()).isFalse();
  }

  private Failure failure(Payloads payloads, String name, String input)
      throws InterruptedException {
    Outcome.Failed failed = (Outcome.Failed) outcome(payloads, name, input);
    return PLAIN.decodeFailure(failed.reason(), failed.details());
  }
}
