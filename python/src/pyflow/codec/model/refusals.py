"""Every refusal of the contract: the type of its failure and its one sentence, as protocol/refusals.json has them."""

from __future__ import annotations

from pyflow.errors import (
    PayloadDecodeError,
    PayloadEncodeError,
    PayloadException,
    PayloadTooLarge,
    PayloadUnavailable,
    UnknownCodec,
    UnsupportedPayloadVersion,
)


def refusal(code: str, **slots: object) -> PayloadException:
    """The error of a refusal, to be raised. slots: what its sentence names, shown as `shown` does."""
    kind, words = SENTENCES[code]
    return _ERRORS[kind](words.format_map(slots))


def sentence(code: str, **slots: object) -> str:
    """The sentence alone, for what a worker says of itself."""
    return SENTENCES[code][1].format_map(slots)


_ERRORS: dict[str, type[PayloadException]] = {
    "PayloadDecodeError": PayloadDecodeError,
    "PayloadUnavailable": PayloadUnavailable,
    "ResultEncodeError": PayloadEncodeError,
    "ResultTooLarge": PayloadTooLarge,
    "UnknownCodec": UnknownCodec,
    "UnsupportedPayloadVersion": UnsupportedPayloadVersion,
}

SENTENCES = {  # the type without `pyflow.`
    "json-syntax": (
        "PayloadDecodeError",
        "a payload is not JSON: {found} at character {at}",
    ),
    "json-end": (
        "PayloadDecodeError",
        "a payload is not JSON: it ends after character {at}, before its value does",
    ),
    "json-nonfinite": (
        "PayloadDecodeError",
        "a payload has a bare {found} {where}, which is not JSON: send it in xjson",
    ),
    "json-float": (
        "PayloadDecodeError",
        "a payload has the number {found} {where}, which is too large for a float64: send it as a "
        "decimal, or as text",
    ),
    "integer-digits": (
        "PayloadDecodeError",
        "a payload has an integer of more than 1000 digits {where}: send it as text, or as bytes",
    ),
    "key-twice": (
        "PayloadDecodeError",
        "a payload has the key {key} twice in one map {where}: send it once",
    ),
    "key-kind": (
        "PayloadDecodeError",
        "a payload has {found} as a key {where}: keys are text, integers or bytes",
    ),
    "surrogate": (
        "PayloadDecodeError",
        "a payload has a surrogate without its partner {where}: no text can hold it",
    ),
    "utf8": (
        "PayloadDecodeError",
        "a payload has text that is not UTF-8 {where}: send it as bytes, or in UTF-8",
    ),
    "depth": (
        "PayloadDecodeError",
        "a payload is nested deeper than 64 levels: flatten it",
    ),
    "tag-unknown": (
        "PayloadDecodeError",
        "a payload has the tag {tag} {where}, which xjson does not have: a map whose only key begins "
        "with $ stands in $lit",
    ),
    "bytes": (
        "PayloadDecodeError",
        "a payload has {found} as bytes {where}: they are base64 of the standard alphabet, padded "
        "with zeros and =, without line breaks",
    ),
    "timestamp": (
        "PayloadDecodeError",
        "a payload has {found} as a timestamp {where}: one looks like 2026-11-23T09:30:00.123Z, and exists",
    ),
    "decimal": (
        "PayloadDecodeError",
        "a payload has {found} as a decimal {where}: one looks like -12.50 or 1E+30",
    ),
    "decimal-limits": (
        "PayloadDecodeError",
        "a payload has {found} as a decimal {where}: one has at most 1000 digits and an exponent from"
        " -6144 to 6144",
    ),
    "float": (
        "PayloadDecodeError",
        "a payload has {found} as a float {where}: $float holds NaN, Infinity or -Infinity",
    ),
    "map": (
        "PayloadDecodeError",
        "a payload has {found} in a $map {where}: it holds an array of pairs, a key and a value each",
    ),
    "literal": (
        "PayloadDecodeError",
        "a payload has {found} in a $lit {where}: it holds a map whose only key begins with $",
    ),
    "msgpack-end": (
        "PayloadDecodeError",
        "a payload is not msgpack: it ends after byte {at}, before its value does",
    ),
    "msgpack-rest": (
        "PayloadDecodeError",
        "a payload is not msgpack: more bytes follow its value {where}",
    ),
    "msgpack-byte": (
        "PayloadDecodeError",
        "a payload is not msgpack: there is no type c1 {where}",
    ),
    "msgpack-extension": (
        "PayloadDecodeError",
        "a payload has the msgpack extension {type} {where}: the contract has -1, 1 and 2",
    ),
    "msgpack-integer": (
        "PayloadDecodeError",
        "a payload has an integer of {size} bytes in extension 1 {where}: it takes 1 to 416",
    ),
    "msgpack-timestamp": (
        "PayloadDecodeError",
        "a payload has a timestamp of {size} bytes {where}: msgpack's have 4, 8 or 12",
    ),
    "msgpack-instant": (
        "PayloadDecodeError",
        "a payload has a timestamp of {seconds} seconds and {nanoseconds} nanoseconds {where}: it is "
        "in the years 1 to 9999, with at most 999999999 nanoseconds",
    ),
    "version": (
        "UnsupportedPayloadVersion",
        "a payload has the version {found}, read here is version 1: upgrade this side, or send version 1",
    ),
    "version-kind": (
        "PayloadDecodeError",
        "an envelope has {found} as its version: it is an integer, 1",
    ),
    "enc-kind": (
        "PayloadDecodeError",
        "an envelope has {found} as its enc: it is a text",
    ),
    "enc": (
        "PayloadDecodeError",
        "an envelope has the enc {found}, read here are json, xjson and msgpack",
    ),
    "codecs-kind": (
        "PayloadDecodeError",
        "an envelope has {found} in its codecs: they are an array of texts",
    ),
    "contents": (
        "PayloadDecodeError",
        "an envelope has {found}: it has one of value, data, ref and failure",
    ),
    "failure": (
        "PayloadDecodeError",
        "a payload is a failure document where a value is expected",
    ),
    "headers-kind": (
        "PayloadDecodeError",
        "an envelope has {found} as its headers: h is a map",
    ),
    "id": (
        "PayloadDecodeError",
        "an envelope has {found} as its id: it is a text of 1 to 256 characters",
    ),
    "value-codecs": (
        "PayloadDecodeError",
        "an envelope has codecs and a value: codecs go with data",
    ),
    "value-msgpack": (
        "PayloadDecodeError",
        "an envelope has msgpack and a value: msgpack goes with data",
    ),
    "data": (
        "PayloadDecodeError",
        "an envelope has {found} as data: it is base64 of the standard alphabet, padded with zeros "
        "and =, without line breaks",
    ),
    "codec-unknown": (
        "UnknownCodec",
        "a payload needs the codec {codec}, configured here: {known}",
    ),
    "zlib": (
        "PayloadDecodeError",
        'the codec "zlib" can\'t undo the bytes of a payload: they are not one whole zlib stream',
    ),
    "decoded-size": (
        "PayloadDecodeError",
        "a payload has more than 16777216 bytes once the codec {codec} is undone: send less, or where"
        " it lies",
    ),
    "values": (
        "PayloadDecodeError",
        "a payload has more than 1000000 values: send fewer, or send them as bytes",
    ),
    "codec-undo": (
        "PayloadDecodeError",
        "the codec {codec} can't undo the bytes of a payload: {why}",
    ),
    "key-unknown": (
        "UnknownCodec",
        "a payload needs the key {key} of aes-256-gcm, configured here: {known}",
    ),
    "aes-version": (
        "PayloadDecodeError",
        'the codec "aes-256-gcm" can\'t undo the bytes of a payload: their version is {found}, read '
        "here is 1",
    ),
    "aes-size": (
        "PayloadDecodeError",
        'the codec "aes-256-gcm" can\'t undo the bytes of a payload: {size} bytes hold no key id, 12 '
        "of nonce and 16 of tag",
    ),
    "aes-key-id": (
        "PayloadDecodeError",
        'the codec "aes-256-gcm" can\'t undo the bytes of a payload: their key id is not 1 to 64 of '
        "A-Z a-z 0-9 _ . -",
    ),
    "aes-tag": (
        "PayloadDecodeError",
        'the codec "aes-256-gcm" can\'t undo the bytes of a payload: the tag does not fit, other bytes'
        " or another key were meant",
    ),
    "ref-kind": (
        "PayloadDecodeError",
        "an envelope has {found} as its ref: a claim check is a map",
    ),
    "ref-store": (
        "PayloadDecodeError",
        "a claim check has {found} as its store: that is 1 to 64 of A-Z a-z 0-9 _ . -",
    ),
    "ref-key": (
        "PayloadDecodeError",
        "a claim check has {found} as its key: that is 1 to 512 of A-Z a-z 0-9 / _ . = -, without two"
        " dots in a row",
    ),
    "ref-size": (
        "PayloadDecodeError",
        "a claim check has {found} as its size: that is an integer, 0 to 9007199254740991",
    ),
    "ref-sha256": (
        "PayloadDecodeError",
        "a claim check has {found} as its sha256: that is 64 lower-case hex digits",
    ),
    "claim-size": (
        "PayloadDecodeError",
        "a claim check is for {size} bytes, and at most 16777216 are fetched",
    ),
    "object-size": (
        "PayloadDecodeError",
        "{key} in the store {store} has {found} bytes, the claim check says {size}: it is not what "
        "was stored",
    ),
    "object-hash": (
        "PayloadDecodeError",
        "{key} in the store {store} has another SHA-256 than the claim check says: it is not what was stored",
    ),
    "store-unknown": (
        "PayloadUnavailable",
        "a payload lies in the store {store}, configured here: {known}",
    ),
    "object-missing": (
        "PayloadUnavailable",
        "the store {store} has no {key}: it was deleted, or another store is meant",
    ),
    "store-read": (
        "PayloadUnavailable",
        "the store {store} can't be read: {why}",
    ),
    "store-write": (
        "PayloadUnavailable",
        "{what} can't be written to the store {store}: {why}",
    ),
    "holds-foreign": (
        "ResultEncodeError",
        "{what} holds {found} {where}: no payload can hold that, {help}",
    ),
    "holds-surrogate": (
        "ResultEncodeError",
        "{what} holds a surrogate without its partner {where}: no text can hold it",
    ),
    "holds-utf8": (
        "ResultEncodeError",
        "{what} holds text that is not UTF-8 {where}: send it as bytes, or scrub it",
    ),
    "holds-integer": (
        "ResultEncodeError",
        "{what} holds an integer of more than 1000 digits {where}: send it as text, or as bytes",
    ),
    "holds-decimal": (
        "ResultEncodeError",
        "{what} holds a decimal {where} that is no number of at most 1000 digits with an exponent "
        "from -6144 to 6144: send it as text",
    ),
    "holds-timestamp": (
        "ResultEncodeError",
        "{what} holds a timestamp {where} that is not in the years 1 to 9999: send it as text",
    ),
    "holds-local-time": (
        "ResultEncodeError",
        "{what} holds a time without a zone {where}: nobody knows which instant that is, give it a zone",
    ),
    "holds-key-kind": (
        "ResultEncodeError",
        "{what} holds a map with {found} as a key {where}: keys are text, integers or bytes",
    ),
    "holds-key-twice": (
        "ResultEncodeError",
        "{what} holds a map with the key {key} twice {where}: keys are compared as text, integers or bytes",
    ),
    "holds-depth": (
        "ResultEncodeError",
        "{what} is nested deeper than 64 levels: flatten it, or look for a value that contains itself",
    ),
    "no-plain-form": (
        "ResultEncodeError",
        "{what} has no plain JSON form, and the coding json was asked for: use xjson",
    ),
    "header-name": (
        "ResultEncodeError",
        "{what} has the header {name}: a name of your own begins with x-",
    ),
    "headers-size": (
        "ResultTooLarge",
        "headers of {what} are {size} characters, an envelope takes 4096",
    ),
    "id-size": (
        "ResultEncodeError",
        "{what} has an id of {size} characters: it takes 1 to 256",
    ),
    "too-large": (
        "ResultTooLarge",
        "{what} is {size} characters, SWF takes {limit}: configure a payload store, or pass a reference",
    ),
    "activity-unknown": (
        "UnknownActivityType",
        "this worker has no activity {activity}: it has {known}",
    ),
    "worker-shutdown": (
        "WorkerShutdown",
        "the worker was shut down before the activity was done",
    ),
}
