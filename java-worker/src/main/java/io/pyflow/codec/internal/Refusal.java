package io.pyflow.codec.internal;

import io.pyflow.codec.PayloadDecodeException;
import io.pyflow.codec.PayloadEncodeException;
import io.pyflow.codec.PayloadException;
import io.pyflow.codec.PayloadTooLargeException;
import io.pyflow.codec.PayloadUnavailableException;
import io.pyflow.codec.UnknownCodecException;
import io.pyflow.codec.UnsupportedPayloadVersionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Every refusal of the contract: the type of its failure and its one sentence, as
 * protocol/refusals.json has them.
 */
public enum Refusal {
  JSON_SYNTAX("PayloadDecodeError", "a payload is not JSON: {found} at character {at}"),
  JSON_END(
      "PayloadDecodeError",
      "a payload is not JSON: it ends after character {at}, before its value does"),
  JSON_NONFINITE(
      "PayloadDecodeError",
      "a payload has a bare {found} {where}, which is not JSON: send it in xjson"),
  JSON_FLOAT(
      "PayloadDecodeError",
      "a payload has the number {found} {where}, which is too large for a float64: "
          + "send it as a decimal, or as text"),
  INTEGER_DIGITS(
      "PayloadDecodeError",
      "a payload has an integer of more than 1000 digits {where}: send it as text, or"
          + " as bytes"),
  KEY_TWICE(
      "PayloadDecodeError", "a payload has the key {key} twice in one map {where}: send it once"),
  KEY_KIND(
      "PayloadDecodeError",
      "a payload has {found} as a key {where}: keys are text, integers or bytes"),
  SURROGATE(
      "PayloadDecodeError",
      "a payload has a surrogate without its partner {where}: no text can hold it"),
  UTF8(
      "PayloadDecodeError",
      "a payload has text that is not UTF-8 {where}: send it as bytes, or in UTF-8"),
  DEPTH("PayloadDecodeError", "a payload is nested deeper than 64 levels: flatten it"),
  TAG_UNKNOWN(
      "PayloadDecodeError",
      "a payload has the tag {tag} {where}, which xjson does not have: a map whose "
          + "only key begins with $ stands in $lit"),
  BYTES(
      "PayloadDecodeError",
      "a payload has {found} as bytes {where}: they are base64 of the standard "
          + "alphabet, padded with zeros and =, without line breaks"),
  TIMESTAMP(
      "PayloadDecodeError",
      "a payload has {found} as a timestamp {where}: one looks like "
          + "2026-11-23T09:30:00.123Z, and exists"),
  DECIMAL(
      "PayloadDecodeError",
      "a payload has {found} as a decimal {where}: one looks like -12.50 or 1E+30"),
  DECIMAL_LIMITS(
      "PayloadDecodeError",
      "a payload has {found} as a decimal {where}: one has at most 1000 digits and an"
          + " exponent from -6144 to 6144"),
  FLOAT(
      "PayloadDecodeError",
      "a payload has {found} as a float {where}: $float holds NaN, Infinity or " + "-Infinity"),
  MAP(
      "PayloadDecodeError",
      "a payload has {found} in a $map {where}: it holds an array of pairs, a key and"
          + " a value each"),
  LITERAL(
      "PayloadDecodeError",
      "a payload has {found} in a $lit {where}: it holds a map whose only key begins " + "with $"),
  MSGPACK_END(
      "PayloadDecodeError",
      "a payload is not msgpack: it ends after byte {at}, before its value does"),
  MSGPACK_REST(
      "PayloadDecodeError", "a payload is not msgpack: more bytes follow its value {where}"),
  MSGPACK_BYTE("PayloadDecodeError", "a payload is not msgpack: there is no type c1 {where}"),
  MSGPACK_EXTENSION(
      "PayloadDecodeError",
      "a payload has the msgpack extension {type} {where}: the contract has -1, 1 and" + " 2"),
  MSGPACK_INTEGER(
      "PayloadDecodeError",
      "a payload has an integer of {size} bytes in extension 1 {where}: it takes 1 to" + " 416"),
  MSGPACK_TIMESTAMP(
      "PayloadDecodeError",
      "a payload has a timestamp of {size} bytes {where}: msgpack's have 4, 8 or 12"),
  MSGPACK_INSTANT(
      "PayloadDecodeError",
      "a payload has a timestamp of {seconds} seconds and {nanoseconds} nanoseconds "
          + "{where}: it is in the years 1 to 9999, with at most 999999999 nanoseconds"),
  VERSION(
      "UnsupportedPayloadVersion",
      "a payload has the version {found}, read here is version 1: upgrade this side, "
          + "or send version 1"),
  VERSION_KIND("PayloadDecodeError", "an envelope has {found} as its version: it is an integer, 1"),
  ENC_KIND("PayloadDecodeError", "an envelope has {found} as its enc: it is a text"),
  ENC(
      "PayloadDecodeError",
      "an envelope has the enc {found}, read here are json, xjson and msgpack"),
  CODECS_KIND(
      "PayloadDecodeError", "an envelope has {found} in its codecs: they are an array of texts"),
  CONTENTS(
      "PayloadDecodeError", "an envelope has {found}: it has one of value, data, ref and failure"),
  FAILURE("PayloadDecodeError", "a payload is a failure document where a value is expected"),
  HEADERS_KIND("PayloadDecodeError", "an envelope has {found} as its headers: h is a map"),
  ID(
      "PayloadDecodeError",
      "an envelope has {found} as its id: it is a text of 1 to 256 characters"),
  VALUE_CODECS("PayloadDecodeError", "an envelope has codecs and a value: codecs go with data"),
  VALUE_MSGPACK(
      "PayloadDecodeError", "an envelope has msgpack and a value: msgpack goes with data"),
  DATA(
      "PayloadDecodeError",
      "an envelope has {found} as data: it is base64 of the standard alphabet, padded"
          + " with zeros and =, without line breaks"),
  CODEC_UNKNOWN("UnknownCodec", "a payload needs the codec {codec}, configured here: {known}"),
  ZLIB(
      "PayloadDecodeError",
      "the codec \"zlib\" can't undo the bytes of a payload: they are not one whole "
          + "zlib stream"),
  DECODED_SIZE(
      "PayloadDecodeError",
      "a payload has more than 16777216 bytes once the codec {codec} is undone: send "
          + "less, or where it lies"),
  VALUES(
      "PayloadDecodeError",
      "a payload has more than 1000000 values: send fewer, or send them as bytes"),
  CODEC_UNDO("PayloadDecodeError", "the codec {codec} can't undo the bytes of a payload: {why}"),
  KEY_UNKNOWN(
      "UnknownCodec", "a payload needs the key {key} of aes-256-gcm, configured here: {known}"),
  AES_VERSION(
      "PayloadDecodeError",
      "the codec \"aes-256-gcm\" can't undo the bytes of a payload: their version is "
          + "{found}, read here is 1"),
  AES_SIZE(
      "PayloadDecodeError",
      "the codec \"aes-256-gcm\" can't undo the bytes of a payload: {size} bytes hold "
          + "no key id, 12 of nonce and 16 of tag"),
  AES_KEY_ID(
      "PayloadDecodeError",
      "the codec \"aes-256-gcm\" can't undo the bytes of a payload: their key id is not"
          + " 1 to 64 of A-Z a-z 0-9 _ . -"),
  AES_TAG(
      "PayloadDecodeError",
      "the codec \"aes-256-gcm\" can't undo the bytes of a payload: the tag does not "
          + "fit, other bytes or another key were meant"),
  REF_KIND("PayloadDecodeError", "an envelope has {found} as its ref: a claim check is a map"),
  REF_STORE(
      "PayloadDecodeError",
      "a claim check has {found} as its store: that is 1 to 64 of A-Z a-z 0-9 _ . -"),
  REF_KEY(
      "PayloadDecodeError",
      "a claim check has {found} as its key: that is 1 to 512 of A-Z a-z 0-9 / _ . = "
          + "-, without two dots in a row"),
  REF_SIZE(
      "PayloadDecodeError",
      "a claim check has {found} as its size: that is an integer, 0 to " + "9007199254740991"),
  REF_SHA256(
      "PayloadDecodeError",
      "a claim check has {found} as its sha256: that is 64 lower-case hex digits"),
  CLAIM_SIZE(
      "PayloadDecodeError", "a claim check is for {size} bytes, and at most 16777216 are fetched"),
  OBJECT_SIZE(
      "PayloadDecodeError",
      "{key} in the store {store} has {found} bytes, the claim check says {size}: it "
          + "is not what was stored"),
  OBJECT_HASH(
      "PayloadDecodeError",
      "{key} in the store {store} has another SHA-256 than the claim check says: it "
          + "is not what was stored"),
  STORE_UNKNOWN(
      "PayloadUnavailable", "a payload lies in the store {store}, configured here: {known}"),
  OBJECT_MISSING(
      "PayloadUnavailable",
      "the store {store} has no {key}: it was deleted, or another store is meant"),
  STORE_READ("PayloadUnavailable", "the store {store} can't be read: {why}"),
  STORE_WRITE("PayloadUnavailable", "{what} can't be written to the store {store}: {why}"),
  HOLDS_FOREIGN(
      "ResultEncodeError", "{what} holds {found} {where}: no payload can hold that, {help}"),
  HOLDS_SURROGATE(
      "ResultEncodeError",
      "{what} holds a surrogate without its partner {where}: no text can hold it"),
  HOLDS_UTF8(
      "ResultEncodeError",
      "{what} holds text that is not UTF-8 {where}: send it as bytes, or scrub it"),
  HOLDS_INTEGER(
      "ResultEncodeError",
      "{what} holds an integer of more than 1000 digits {where}: send it as text, or "
          + "as bytes"),
  HOLDS_DECIMAL(
      "ResultEncodeError",
      "{what} holds a decimal {where} that is no number of at most 1000 digits with "
          + "an exponent from -6144 to 6144: send it as text"),
  HOLDS_TIMESTAMP(
      "ResultEncodeError",
      "{what} holds a timestamp {where} that is not in the years 1 to 9999: send it " + "as text"),
  HOLDS_LOCAL_TIME(
      "ResultEncodeError",
      "{what} holds a time without a zone {where}: nobody knows which instant that "
          + "is, give it a zone"),
  HOLDS_KEY_KIND(
      "ResultEncodeError",
      "{what} holds a map with {found} as a key {where}: keys are text, integers or " + "bytes"),
  HOLDS_KEY_TWICE(
      "ResultEncodeError",
      "{what} holds a map with the key {key} twice {where}: keys are compared as "
          + "text, integers or bytes"),
  HOLDS_DEPTH(
      "ResultEncodeError",
      "{what} is nested deeper than 64 levels: flatten it, or look for a value that "
          + "contains itself"),
  NO_PLAIN_FORM(
      "ResultEncodeError",
      "{what} has no plain JSON form, and the coding json was asked for: use xjson"),
  HEADER_NAME(
      "ResultEncodeError", "{what} has the header {name}: a name of your own begins with x-"),
  HEADERS_SIZE("ResultTooLarge", "headers of {what} are {size} characters, an envelope takes 4096"),
  ID_SIZE("ResultEncodeError", "{what} has an id of {size} characters: it takes 1 to 256"),
  TOO_LARGE(
      "ResultTooLarge",
      "{what} is {size} characters, SWF takes {limit}: configure a payload store, or "
          + "pass a reference"),
  ACTIVITY_UNKNOWN("UnknownActivityType", "this worker has no activity {activity}: it has {known}"),
  WORKER_SHUTDOWN("WorkerShutdown", "the worker was shut down before the activity was done");

  private static final Pattern SLOT = Pattern.compile("\\{\\w+\\}");

  private final String type;
  private final String words;

  Refusal(String type, String words) {
    this.type = type;
    this.words = words;
  }

  /** The type of the failure, without {@code pyflow.}. */
  public String type() {
    return type;
  }

  /** The sentence with its slots. */
  public String words() {
    return words;
  }

  /** The sentence. The slots are what it names, in its order, shown as {@link Shown} does. */
  public String sentence(Object... slots) {
    Matcher slot = SLOT.matcher(words);
    StringBuilder sentence = new StringBuilder();
    for (int i = 0; slot.find(); i++) {
      slot.appendReplacement(sentence, Matcher.quoteReplacement(String.valueOf(slots[i])));
    }
    return slot.appendTail(sentence).toString();
  }

  /** The exception, to be thrown. */
  public PayloadException with(Object... slots) {
    String sentence = sentence(slots);
    return switch (type) {
      case "PayloadUnavailable" -> new PayloadUnavailableException(sentence);
      case "ResultEncodeError" -> new PayloadEncodeException(sentence);
      case "ResultTooLarge" -> new PayloadTooLargeException(sentence);
      case "UnknownCodec" -> new UnknownCodecException(sentence);
      case "UnsupportedPayloadVersion" -> new UnsupportedPayloadVersionException(sentence);
      default -> new PayloadDecodeException(sentence);
    };
  }
}
