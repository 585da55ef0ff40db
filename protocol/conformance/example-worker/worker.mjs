// An activity worker for Amazon SWF in one file of JavaScript, following protocol/*.md: node worker.mjs
// --endpoint-url URL --domain DOMAIN --task-list LIST. In its order: values, JSON, msgpack, payloads, failures, heartbeats, the
// worker, and the activities that the conformance kit asks for.
import { createDecipheriv, createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { deflateSync, inflateSync } from "node:zlib";
import * as sdk from "@aws-sdk/client-swf";

// ── Values (value-model.md): null, booleans, texts and arrays are JavaScript's own. An integer is a BigInt and a float a number,
// since 1 and 1.0 are two values; bytes are a Buffer; a map is a Map; and these two.
class Timestamp {
  constructor(seconds, nanoseconds) { Object.assign(this, { seconds, nanoseconds }); } // BigInt since 1970, number
}
class Decimal {
  constructor(coefficient, exponent) { Object.assign(this, { coefficient, exponent }); } // coefficient × 10^exponent
}

// ── Refusals (refusals.md): the table, and how it shows a value and where that stands.
const REFUSALS = JSON.parse(readFileSync(new URL("../../refusals.json", import.meta.url), "utf8"));

class Refused extends Error {
  constructor({ type, retryable, sentence }, slots) {
    super(sentence.replace(/\{(\w+)\}/g, (_, slot) => slots[slot]));
    Object.assign(this, { type, retryable });
  }
}
const refused = (code, slots = {}) => new Refused(REFUSALS[code], slots);
const RESULT = { what: "payload" }; // what is being written: one at a time, since nothing waits in between
const holds = (code, slots = {}) => refused(`holds-${code}`, { ...RESULT, where: "somewhere in it", ...slots });

const cut = (text, units) => (text.length <= units ? text : `${text.slice(0, units - 1).replace(/[\ud800-\udbff]$/, "")}…`);
const escaped = (char) => ('"\\'.includes(char) ? `\\${char}` : `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
const shownText = (text, units = 40) => `"${cut(text, units).replace(/["\\\u0000-\u001f\u007f-\u00a0\u2028\u2029\ufeff]/g, escaped)}"`;
function shown(value) {
  if (typeof value === "string") return shownText(value);
  if (typeof value === "number") return "a float";
  if (Buffer.isBuffer(value)) return cut(`0x${value.toString("hex", 0, 40)}`, 40);
  if (value instanceof Timestamp) return "a timestamp";
  if (value instanceof Decimal) return "a decimal";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (value instanceof Map) return `a map of ${value.size}`;
  return cut(String(value ?? null), 40);
}
const known = (names) => names.toSorted().join(", ") || "none";
const byte = (index) => `at byte ${index + 1}`;
const step = (it) => (typeof it === "number" ? `[${it}]` : /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(it) ? `.${it}` : `[${shown(it)}]`);

// The steps from a tree of JSON to a container in it.
function pathTo(root, sought) {
  if (root === sought) return "";
  for (const [key, item] of Array.isArray(root) || root instanceof Map ? root.entries() : []) {
    const below = pathTo(item, sought);
    if (below !== undefined) return step(key) + below;
  }
  return undefined;
}

const DEPTH = 64, DIGITS = 1000, EXPONENT = 6144, DECODED = 16 * 1024 * 1024, VALUES = 1_000_000;
const DATA = 32768, HEARTBEAT = 2048;
const digitsOf = (integer) => integer.toString().replace("-", "").length;

function within(integer, refusal) {
  if (digitsOf(integer) > DIGITS) throw refusal();
  return integer;
}

// misfit: makes the refusal, of its code.
function decimalOf(text, misfit) {
  const parts = /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]{1,6}))?$/.exec(text);
  if (!parts || typeof text !== "string") throw misfit("decimal");
  const [, sign, whole, fraction = "", power = "0"] = parts;
  if (whole.length + fraction.length > DIGITS) throw misfit("decimal-limits");
  return normal(BigInt(sign + whole + fraction), Number(power) - fraction.length, () => misfit("decimal-limits"));
}

function normal(coefficient, exponent, refusal = () => holds("decimal")) {
  if (coefficient === 0n) return new Decimal(0n, 0);
  const zeros = /0*$/.exec(coefficient.toString())[0].length;
  const it = new Decimal(coefficient / 10n ** BigInt(zeros), exponent + zeros);
  if (digitsOf(it.coefficient) > DIGITS || Math.abs(it.exponent) > EXPONENT) throw refusal();
  return it;
}

const decimalText = ({ coefficient, exponent }) => `${coefficient}${exponent ? `E${exponent}` : ""}`;

const FIRST = -62135596800n, LAST = 253402300799n; // 0001-01-01 and the end of 9999, in seconds since 1970

function timestampOf(text, misfit) {
  const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{3}|\d{6}|\d{9}))?Z$/.exec(text);
  if (!parts || typeof text !== "string") throw misfit("timestamp");
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (year < 1 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59)
    throw misfit("timestamp");
  date.setUTCHours(hour, minute, second);
  return new Timestamp(BigInt(date.getTime() / 1000), Number((parts[7] ?? "").padEnd(9, "0")));
}

function timestampText({ seconds, nanoseconds }) {
  if (seconds < FIRST || seconds > LAST) throw holds("timestamp");
  const fraction = nanoseconds ? `.${nanoseconds.toString().padStart(9, "0").replace(/^(\d{3})000000$/, "$1").replace(/^(\d{6})000$/, "$1")}` : "";
  return new Date(Number(seconds) * 1000).toISOString().slice(0, 19) + fraction + "Z";
}

const keyId = (key) => (typeof key === "string" ? `t${key}` : typeof key === "bigint" ? `i${key}` : `b${key.toString("hex")}`);

// Puts an entry into a map, in which no key may occur twice.
function enter(map, seen, key, twice, value) {
  const id = keyId(key);
  if (seen.has(id)) throw twice();
  seen.add(id);
  map.set(key, value());
}

// ── JSON, strictly: integers exact, no key twice, depth bounded. An object becomes a Map.
const BRACKETS = 256; // more than xjson may need: {"$map": [[key, value]]} for one level
const DIGITS_THERE = /[0-9]*/y, LOW_HALF = /\\u[dD][c-fC-F][0-9a-fA-F]{2}/y;
const PLAIN_CHARACTERS = /[^"\\\u0000-\u001f]*/y;
const ESCAPES = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

function parseJson(text) {
  let at = 0, open = 0;
  const before = (index) => [...text.slice(0, index)].length; // characters
  const where = (index) => ({ where: `at character ${before(index) + 1}` });
  const wrong = () => (at >= text.length ? refused("json-end", { at: before(at) })
    : refused("json-syntax", { found: shownText(text.slice(at, at + 21), 20), at: before(at) + 1 }));
  const blank = () => { while (at < text.length && " \t\n\r".includes(text[at])) at++; };
  const expect = (word) => { for (const letter of word) { if (text[at] !== letter) throw wrong(); at++; } };
  const found = (pattern) => { pattern.lastIndex = at; return pattern.exec(text)?.[0]; };
  if (!text.isWellFormed()) throw refused("surrogate", where(text.search(/\p{Surrogate}/u)));

  function string() {
    expect('"');
    let read = "";
    for (;;) {
      const plain = found(PLAIN_CHARACTERS);
      read += plain;
      at += plain.length;
      if (text[at] === '"') { at++; return read; }
      if (text[at] !== "\\") throw wrong();
      read += escape();
    }
  }

  function escape() {
    const start = at++;
    if (text[at] !== "u") {
      if (at === text.length || !Object.hasOwn(ESCAPES, text[at])) throw wrong();
      return ESCAPES[text[at++]];
    }
    at++;
    const code = hex();
    if (code < 0xd800 || code > 0xdfff) return String.fromCharCode(code);
    if (code >= 0xdc00 || !found(LOW_HALF)) throw refused("surrogate", where(start));
    at += 2;
    return String.fromCharCode(code, hex());
  }

  function hex() {
    for (let i = 0; i < 4; i++, at++) if (!/^[0-9a-fA-F]$/.test(text[at] ?? "")) throw wrong();
    return parseInt(text.slice(at - 4, at), 16);
  }

  function digits() {
    const some = found(DIGITS_THERE);
    if (!some) throw wrong();
    at += some.length;
  }

  function number() {
    const start = at;
    const bare = ["NaN", "Infinity", "-Infinity"].find((word) => text.startsWith(word, at));
    if (bare) throw refused("json-nonfinite", { found: bare, ...where(at) });
    if (text[at] === "-") at++;
    if (text[at] === "0") at++; else digits();
    const whole = at;
    if (text[at] === ".") { at++; digits(); }
    if (text[at] === "e" || text[at] === "E") {
      at++;
      if (text[at] === "+" || text[at] === "-") at++;
      digits();
    }
    const written = text.slice(start, at);
    if (whole === at) {
      if (written.replace("-", "").length > DIGITS) throw refused("integer-digits", where(start));
      return BigInt(written);
    }
    const float = Number(written);
    if (!Number.isFinite(float)) throw refused("json-float", { found: cut(written, 40), ...where(start) });
    return float;
  }

  function value() {
    blank();
    switch (text[at]) {
      case "n": expect("null"); return null;
      case "t": expect("true"); return true;
      case "f": expect("false"); return false;
      case '"': return string();
      case "[": return list("]", [], (items) => items.push(value()));
      case "{": {
        const seen = new Set();
        return list("}", new Map(), (map) => {
          blank();
          const start = at, key = string();
          enter(map, seen, key, () => refused("key-twice", { key: shown(key), ...where(start) }), () => {
            blank();
            expect(":");
            return value();
          });
        });
      }
      default: return number();
    }
  }

  function list(end, into, item) {
    if (++open > BRACKETS) throw refused("depth");
    at++;
    blank();
    if (text[at] !== end) {
      for (;;) {
        item(into);
        blank();
        if (text[at] === end) break;
        expect(",");
      }
    }
    at++;
    open--;
    return into;
  }

  const read = value();
  blank();
  if (at < text.length) throw wrong();
  return read;
}

const quoted = (text) => JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029]/g, (it) => `\\u${it.charCodeAt(0).toString(16).padStart(4, "0")}`);
const wellFormed = (text) => {
  if (!text.isWellFormed()) throw holds("surrogate");
  return text;
};
const floatText = (float) => (Object.is(float, -0) ? "-0.0" : /[.e]/.test(String(float)) ? String(float) : `${float}.0`);
const deeper = (depth) => {
  if (depth >= DEPTH) throw holds("depth");
  return depth + 1;
};
const foreign = (value) => holds("foreign", {
  found: `a ${value.constructor?.name ?? typeof value}`, help: "turn it into text, numbers, arrays or maps first",
});
const asMap = (value) => (value instanceof Map ? value : new Map(Object.entries(value)));
const isMap = (value) => value instanceof Map || Object.getPrototypeOf(value) === Object.prototype;

// Plain JSON, or undefined for a value without a plain form; a value outside the model is refused.
function plainText(value, depth = 0) {
  if (value === null || value === undefined) return "null";
  switch (typeof value) {
    case "boolean": return String(value);
    case "bigint": return String(within(value, () => holds("integer")));
    case "number": return Number.isFinite(value) ? floatText(value) : undefined;
    case "string": return quoted(wellFormed(value));
  }
  if (value instanceof Timestamp || value instanceof Decimal || Buffer.isBuffer(value)) return undefined;
  const inside = deeper(depth);
  if (Array.isArray(value)) return joined("[]", value.map((item) => plainText(item, inside)));
  if (!isMap(value)) throw foreign(value);
  return joined("{}", [...asMap(value)].map(([key, item]) => {
    if (typeof key !== "string") return undefined;
    const text = plainText(item, inside);
    return text === undefined ? undefined : `${quoted(wellFormed(key))}:${text}`;
  }));
}
const joined = ([open, close], parts) => (parts.includes(undefined) ? undefined : open + parts.join(",") + close);

// xjson (value-model.md, "Tags")
function xjsonText(value, depth = 0) {
  if (typeof value === "number" && !Number.isFinite(value)) return `{"$float":"${value}"}`;
  if (Buffer.isBuffer(value)) return `{"$bytes":"${value.toString("base64")}"}`;
  if (value instanceof Timestamp) return `{"$ts":"${timestampText(value)}"}`;
  if (value instanceof Decimal) return `{"$dec":"${decimalText(normal(value.coefficient, value.exponent))}"}`;
  if (value === null || typeof value !== "object" || !(Array.isArray(value) || isMap(value))) return plainText(value, depth);
  const inside = deeper(depth);
  if (Array.isArray(value)) return `[${value.map((item) => xjsonText(item, inside)).join(",")}]`;
  const entries = [...asMap(value)];
  if (entries.some(([key]) => typeof key !== "string"))
    return `{"$map":[${entries.map(([key, item]) => `[${xjsonText(checkedKey(key), inside)},${xjsonText(item, inside)}]`).join(",")}]}`;
  const object = `{${entries.map(([key, item]) => `${quoted(wellFormed(key))}:${xjsonText(item, inside)}`).join(",")}}`;
  return entries.length === 1 && entries[0][0].startsWith("$") ? `{"$lit":${object}}` : object;
}

function checkedKey(key, refusal = () => holds("key-kind", { found: shown(key) })) {
  if (typeof key === "string" || typeof key === "bigint" || Buffer.isBuffer(key)) return key;
  throw refusal();
}

// What is wrong with a tag: its refusal needs to know where the tag is.
class Misfit extends Error {
  constructor(code, tag, slots) { super(code); Object.assign(this, { code, tag, slots }); }
}
const FLOATS = { NaN, Infinity, "-Infinity": -Infinity };
const TAGS = {
  $bytes: (content, depth, misfit) => {
    if (!isBase64(content)) throw misfit("bytes");
    return Buffer.from(content, "base64");
  },
  $ts: (content, depth, misfit) => timestampOf(content, misfit),
  $dec: (content, depth, misfit) => decimalOf(content, misfit),
  $float: (content, depth, misfit) => {
    if (typeof content !== "string" || !Object.hasOwn(FLOATS, content)) throw misfit("float");
    return FLOATS[content];
  },
  $map: (content, depth, misfit) => {
    if (!Array.isArray(content)) throw misfit("map");
    const map = new Map(), seen = new Set(), inside = shallow(depth);
    for (const pair of content) {
      if (!Array.isArray(pair) || pair.length !== 2) throw misfit("map", { found: shown(pair) });
      const key = untagged(pair[0], inside);
      checkedKey(key, () => misfit("key-kind", { found: shown(key) }));
      enter(map, seen, key, () => misfit("key-twice", { key: shown(key) }), () => untagged(pair[1], inside));
    }
    return map;
  },
  $lit: (content, depth, misfit) => {
    if (!(content instanceof Map) || content.size !== 1 || !content.keys().next().value.startsWith("$")) throw misfit("literal");
    const [[key, item]] = content;
    return new Map([[key, untagged(item, shallow(depth))]]); // one level: the tag adds none
  },
};
const shallow = (depth) => {
  if (depth >= DEPTH) throw refused("depth");
  return depth + 1;
};

// root: the JSON that the tree stands in, to say where.
function fromXjson(tree, root = tree) {
  try {
    return untagged(tree, 0);
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    throw refused(error.code, { ...error.slots, where: `at ${cut(`$${pathTo(root, error.tag)}`, 100)}` });
  }
}

function untagged(tree, depth) {
  if (Array.isArray(tree)) {
    const inside = shallow(depth);
    return tree.map((item) => untagged(item, inside));
  }
  if (!(tree instanceof Map)) return tree;
  if (tree.size === 1) {
    const [[key, content]] = tree;
    if (key.startsWith("$")) {
      if (!Object.hasOwn(TAGS, key)) throw new Misfit("tag-unknown", tree, { tag: shown(key) });
      return TAGS[key](content, depth, (code, slots = { found: shown(content) }) => new Misfit(code, tree, slots));
    }
  }
  const inside = shallow(depth);
  return new Map([...tree].map(([key, item]) => [key, untagged(item, inside)]));
}

function fromPlain(tree, depth = 0) {
  if (!Array.isArray(tree) && !(tree instanceof Map)) return tree;
  const inside = shallow(depth);
  for (const item of tree.values()) fromPlain(item, inside);
  return tree;
}

const isBase64 = (text) => typeof text === "string" && /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)
  && Buffer.from(text, "base64").toString("base64") === text;

function utf8(bytes, where = () => byte(validUpTo(bytes))) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refused("utf8", { where: where() });
  }
}

// How many bytes are UTF-8 before those that are not: the longest beginning that decodes as a stream.
function validUpTo(bytes) {
  const decodes = (size, stream) => {
    try { new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, size), { stream }); return true; } catch { return false; }
  };
  let [low, high] = [0, bytes.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (decodes(middle, true)) low = middle; else high = middle - 1;
  }
  while (!decodes(low, false)) low--; // not in the midst of a character
  return low;
}

// ── msgpack (value-model.md), canonical when written
function head(length, fixed, limit, ...sizes) {
  if (length < limit) return Buffer.from([fixed + length]);
  for (const [code, size] of sizes)
    if (length < 2 ** (8 * size)) {
      const bytes = Buffer.alloc(1 + size, code);
      bytes.writeUIntBE(length, 1, size);
      return bytes;
    }
  throw refused("too-large", { ...RESULT, size: length, limit: DATA });
}
const sized = (size, write) => { const bytes = Buffer.alloc(size); write(bytes); return bytes; };
const extension = (type, content) => {
  const fixed = { 1: 0xd4, 2: 0xd5, 4: 0xd6, 8: 0xd7, 16: 0xd8 }[content.length];
  const start = fixed ? Buffer.from([fixed]) : head(content.length, 0, 0, [0xc7, 1], [0xc8, 2], [0xc9, 4]);
  return Buffer.concat([start, Buffer.from([type & 0xff]), content]);
};

function twosComplement(integer) {
  let size = 1;
  while (BigInt.asIntN(8 * size, integer) !== integer) size++;
  return Buffer.from(BigInt.asUintN(8 * size, integer).toString(16).padStart(2 * size, "0"), "hex");
}

function packedInteger(integer) {
  within(integer, () => holds("integer"));
  if (integer >= -32n && integer < 128n) return Buffer.from([Number(integer) & 0xff]);
  for (const [code, bits] of integer < 0n ? [[0xd0, 8], [0xd1, 16], [0xd2, 32], [0xd3, 64]] : [[0xcc, 8], [0xcd, 16], [0xce, 32], [0xcf, 64]]) {
    const fits = integer < 0n ? BigInt.asIntN(bits, integer) === integer : BigInt.asUintN(bits, integer) === integer;
    if (fits) return Buffer.from(code.toString(16) + BigInt.asUintN(bits, integer).toString(16).padStart(bits / 4, "0"), "hex");
  }
  return extension(1, twosComplement(integer));
}

function packedTimestamp({ seconds, nanoseconds }) {
  if (seconds < FIRST || seconds > LAST) throw holds("timestamp");
  if (seconds >= 0n && seconds < 1n << 34n) {
    const both = (BigInt(nanoseconds) << 34n) | seconds;
    return both < 1n << 32n ? sized(4, (it) => it.writeUInt32BE(Number(both))) : sized(8, (it) => it.writeBigUInt64BE(both));
  }
  return sized(12, (it) => { it.writeUInt32BE(nanoseconds); it.writeBigInt64BE(seconds, 4); });
}

function pack(value, depth = 0) {
  if (value === null || value === undefined) return Buffer.from([0xc0]);
  switch (typeof value) {
    case "boolean": return Buffer.from([value ? 0xc3 : 0xc2]);
    case "bigint": return packedInteger(value);
    case "number":
      return sized(9, (it) => { it[0] = 0xcb; Number.isNaN(value) ? it.writeUInt16BE(0x7ff8, 1) : it.writeDoubleBE(value, 1); });
    case "string": {
      const bytes = Buffer.from(wellFormed(value));
      return Buffer.concat([head(bytes.length, 0xa0, 32, [0xd9, 1], [0xda, 2], [0xdb, 4]), bytes]);
    }
  }
  if (Buffer.isBuffer(value)) return Buffer.concat([head(value.length, 0, 0, [0xc4, 1], [0xc5, 2], [0xc6, 4]), value]);
  if (value instanceof Timestamp) return extension(-1, packedTimestamp(value));
  if (value instanceof Decimal) return extension(2, Buffer.from(decimalText(normal(value.coefficient, value.exponent))));
  const inside = deeper(depth);
  if (Array.isArray(value))
    return Buffer.concat([head(value.length, 0x90, 16, [0xdc, 2], [0xdd, 4]), ...value.map((item) => pack(item, inside))]);
  if (!isMap(value)) throw foreign(value);
  const entries = [...asMap(value)];
  const parts = entries.flatMap(([key, item]) => [pack(checkedKey(key), inside), pack(item, inside)]);
  return Buffer.concat([head(entries.length, 0x80, 16, [0xde, 2], [0xdf, 4]), ...parts]);
}

function unpack(bytes) {
  let at = 0, owed = 1; // items that are promised and yet to come
  const short = () => refused("msgpack-end", { at: bytes.length });
  const take = (size) => {
    if (size > bytes.length - at) throw short();
    at += size;
    return bytes.subarray(at - size, at);
  };
  const uint = (size) => take(size).readUIntBE(0, size);
  const counted = (count, each, depth) => {
    owed += count * each;
    if (owed > bytes.length - at) throw short();
    shallow(depth);
    return count;
  };
  const text = (size, start) => utf8(take(size), () => byte(start));
  const blob = (size) => Buffer.from(take(size));
  const array = (count, depth) => Array.from({ length: counted(count, 1, depth) }, () => value(depth + 1));
  const map = (count, depth) => {
    const read = new Map(), seen = new Set();
    for (let left = counted(count, 2, depth); left; left--) {
      const where = byte(at), key = value(depth + 1);
      checkedKey(key, () => refused("key-kind", { found: shown(key), where }));
      enter(read, seen, key, () => refused("key-twice", { key: shown(key), where }), () => value(depth + 1));
    }
    return read;
  };
  const extended = (size, start) => {
    const type = take(1).readInt8(), content = take(size), where = byte(start);
    if (type === -1) return unpackedTimestamp(content, where);
    if (type === 1) {
      if (size < 1 || size > 416) throw refused("msgpack-integer", { size, where });
      return within(BigInt.asIntN(8 * size, BigInt(`0x${content.toString("hex")}`)), () => refused("integer-digits", { where }));
    }
    if (type === 2) {
      const ascii = content.every((it) => it < 0x80) ? content.toString("latin1") : content;
      return decimalOf(ascii, (code) => refused(code, { found: shown(ascii), where }));
    }
    throw refused("msgpack-extension", { type, where });
  };
  const READ = {
    0xc0: () => null, 0xc2: () => false, 0xc3: () => true,
    0xc4: () => blob(uint(1)), 0xc5: () => blob(uint(2)), 0xc6: () => blob(uint(4)),
    0xc7: (depth, start) => extended(uint(1), start), 0xc8: (depth, start) => extended(uint(2), start), 0xc9: (depth, start) => extended(uint(4), start),
    0xca: () => take(4).readFloatBE(), 0xcb: () => take(8).readDoubleBE(),
    0xcc: () => BigInt(uint(1)), 0xcd: () => BigInt(uint(2)), 0xce: () => BigInt(uint(4)), 0xcf: () => take(8).readBigUInt64BE(),
    0xd0: () => BigInt(take(1).readInt8()), 0xd1: () => BigInt(take(2).readInt16BE()), 0xd2: () => BigInt(take(4).readInt32BE()),
    0xd3: () => take(8).readBigInt64BE(),
    0xd4: (depth, start) => extended(1, start), 0xd5: (depth, start) => extended(2, start), 0xd6: (depth, start) => extended(4, start), 0xd7: (depth, start) => extended(8, start), 0xd8: (depth, start) => extended(16, start),
    0xd9: (depth, start) => text(uint(1), start), 0xda: (depth, start) => text(uint(2), start), 0xdb: (depth, start) => text(uint(4), start),
    0xdc: (depth) => array(uint(2), depth), 0xdd: (depth) => array(uint(4), depth),
    0xde: (depth) => map(uint(2), depth), 0xdf: (depth) => map(uint(4), depth),
  };
  function value(depth) {
    const start = at, code = take(1)[0];
    owed--;
    if (code < 0x80) return BigInt(code);
    if (code >= 0xe0) return BigInt(code - 256);
    if (code < 0x90) return map(code & 15, depth);
    if (code < 0xa0) return array(code & 15, depth);
    if (code < 0xc0) return text(code & 31, start);
    if (!READ[code]) throw refused("msgpack-byte", { where: byte(start) });
    return READ[code](depth, start);
  }
  const read = value(0);
  if (at < bytes.length) throw refused("msgpack-rest", { where: byte(at) });
  return read;
}

function unpackedTimestamp(content, where) {
  let seconds, nanoseconds = 0;
  if (content.length === 4) seconds = BigInt(content.readUInt32BE());
  else if (content.length === 8) {
    const both = content.readBigUInt64BE();
    [seconds, nanoseconds] = [both & ((1n << 34n) - 1n), Number(both >> 34n)];
  } else if (content.length === 12) [nanoseconds, seconds] = [content.readUInt32BE(), content.readBigInt64BE(4)];
  else throw refused("msgpack-timestamp", { size: content.length, where });
  if (nanoseconds > 999999999 || seconds < FIRST || seconds > LAST) throw refused("msgpack-instant", { seconds, nanoseconds, where });
  return new Timestamp(seconds, nanoseconds);
}

// ── Payloads (payload.md)
const xor = (bytes) => Buffer.from(bytes.map((byte) => byte ^ 0x5a));
const KEYS = process.env.PYFLOW_KEY_FILE ? JSON.parse(readFileSync(process.env.PYFLOW_KEY_FILE, "utf8")).keys : null;
const CODECS = { zlib: inflated, "test-xor": xor, ...(KEYS && { "aes-256-gcm": decrypted }) }; // how each is undone; test-xor is the user codec of vectors/README.md

function decrypted(bytes) {
  if (bytes.length && bytes[0] !== 1) throw refused("aes-version", { found: bytes[0] });
  const length = bytes[1] ?? 0, sealed = 2 + length + 12;
  if (!length || bytes.length < sealed + 16) throw refused("aes-size", { size: bytes.length });
  const id = bytes.toString("latin1", 2, 2 + length);
  if (!/^[A-Za-z0-9_.-]{1,64}$/.test(id)) throw refused("aes-key-id");
  if (!Object.hasOwn(KEYS, id)) throw refused("key-unknown", { key: shown(id), known: known(Object.keys(KEYS)) });
  const cipher = createDecipheriv("aes-256-gcm", Buffer.from(KEYS[id], "base64"), bytes.subarray(2 + length, sealed), { authTagLength: 16 });
  cipher.setAAD(Buffer.from("pyflow/1")).setAuthTag(bytes.subarray(-16));
  try {
    return Buffer.concat([cipher.update(bytes.subarray(sealed, -16)), cipher.final()]);
  } catch {
    throw refused("aes-tag");
  }
}

function inflated(bytes) {
  let read;
  try {
    read = inflateSync(bytes, { maxOutputLength: DECODED, info: true });
  } catch (error) {
    throw error.code === "ERR_BUFFER_TOO_LARGE" ? refused("decoded-size", { codec: shown("zlib") }) : refused("zlib");
  }
  if (read.engine.bytesWritten !== bytes.length) throw refused("zlib");
  return read.buffer;
}

const STORE = /^conformance=(.*)$/.exec(process.env.PYFLOW_STORE ?? "")?.[1]; // the folder of the one store
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

// The value and the headers of a field. What is wrong is told in the order of refusals.md.
function readPayload(text) {
  if (!text) return { value: null, headers: new Map() };
  const tree = parseJson(text);
  if (!(tree instanceof Map) || !tree.has("$pyflow")) return { value: fromPlain(tree), headers: new Map() };
  const part = (key, otherwise) => (tree.has(key) ? tree.get(key) : otherwise);
  const version = tree.get("$pyflow"), enc = part("enc", "json"), codecs = part("codecs", []), h = part("h", new Map()), id = part("id", "-");
  if (typeof version !== "bigint") throw refused("version-kind", { found: shown(version) });
  if (version !== 1n) throw refused("version", { found: shown(version) });
  if (typeof enc !== "string") throw refused("enc-kind", { found: shown(enc) });
  const strange = Array.isArray(codecs) ? codecs.findIndex((it) => typeof it !== "string") : undefined;
  if (strange !== -1) throw refused("codecs-kind", { found: shown(strange === undefined ? codecs : codecs[strange]) });
  const contents = ["value", "data", "ref", "failure"].filter((key) => tree.has(key));
  if (contents.length !== 1) throw refused("contents", { found: contents.join(" and ") || "no content" });
  const [content] = contents;
  if (content === "failure") throw refused("failure");
  if (!["json", "xjson", "msgpack"].includes(enc)) throw refused("enc", { found: shown(enc) });
  if (content === "value" && codecs.length) throw refused("value-codecs");
  if (content === "value" && enc === "msgpack") throw refused("value-msgpack");
  if (!(h instanceof Map)) throw refused("headers-kind", { found: shown(h) });
  const headers = new Map([...h].map(([key, item]) => [key, fromXjson(item, tree)]));
  if (typeof id !== "string" || id.length < 1 || id.length > 256) throw refused("id", { found: shown(id) });
  const ofTree = (it, root) => (enc === "json" ? fromPlain(it) : fromXjson(it, root));
  if (content === "value") return { value: ofTree(tree.get("value"), tree), headers };
  const bytes = undone(codecs, content === "data" ? dataOf(tree.get("data")) : fetched(tree.get("ref")));
  if (holdsMany(enc, bytes)) throw refused("values");
  return { value: enc === "msgpack" ? unpack(bytes) : ofTree(parseJson(utf8(bytes))), headers };
}

// Whether bytes hold more values than they may, keys included, seen before anything is made of them.
function holdsMany(enc, bytes) {
  if (bytes.length <= VALUES) return false; // a value takes a byte at least
  const after = enc === "msgpack" ? afterHeader : afterJson;
  let at = 0, left = VALUES;
  if (enc !== "msgpack") at = afterBetween(bytes, at);
  while (at < bytes.length && left--) at = after(bytes, at);
  return at < bytes.length;
}

const marks = (text) => Uint8Array.from({ length: 256 }, (_, byte) => text.includes(String.fromCharCode(byte)));
const BETWEEN = marks(" \t\n\v\f\r,:]}"), BEGINS = marks('"[{');

function afterBetween(bytes, at) {
  while (at < bytes.length && BETWEEN[bytes[at]]) at++;
  return at;
}

function afterJson(bytes, start) {
  let at = start;
  const hides = (byte) => byte === 0x22 || byte === 0x5c; // behind a backslash, wherever that stands
  const skip = () => (at += bytes[at] === 0x5c && hides(bytes[at + 1]) ? 2 : 1);
  if (bytes[start] === 0x22) {
    for (at++; at < bytes.length && bytes[at] !== 0x22; ) skip();
    at++;
  } else if (BEGINS[bytes[start]]) at++;
  else while (at < bytes.length && !BETWEEN[bytes[at]] && !BEGINS[bytes[at]]) skip();
  return afterBetween(bytes, at);
}

// From a header of msgpack to the next.
function afterHeader(bytes, at) {
  const head = bytes[at];
  const long = LONG.find(([first]) => head >= first && head < first + 3);
  if (!long) return at + TO_NEXT[head];
  const width = 2 ** (head - long[0]);
  return at + 1 + width + long[1] + bytes.subarray(at + 1, at + 1 + width).reduce((size, byte) => size * 256 + byte, 0);
}

const LONG = [[0xc4, 0], [0xc7, 1], [0xd9, 0]]; // the first of three headers with a length in 1, 2 or 4 bytes, and bytes besides
const FIXED = { 0xca: 5, 0xcb: 9, 0xd4: 3, 0xd5: 4, 0xd6: 6, 0xd7: 10, 0xd8: 18, 0xdc: 3, 0xdd: 5, 0xde: 3, 0xdf: 5 };
const TO_NEXT = Array.from({ length: 256 }, (_, head) =>
  FIXED[head] ?? (head >= 0xa0 && head < 0xc0 ? head - 0x9f : head >= 0xcc && head < 0xd4 ? 1 + 2 ** (head % 4) : 1));

function dataOf(text) {
  if (!isBase64(text)) throw refused("data", { found: shown(text) });
  return Buffer.from(text, "base64");
}

function undone(codecs, coded) {
  const missing = codecs.toReversed().find((name) => !Object.hasOwn(CODECS, name));
  if (missing !== undefined) throw refused("codec-unknown", { codec: shown(missing), known: known(Object.keys(CODECS)) });
  let bytes = coded;
  for (const name of codecs.toReversed()) {
    bytes = CODECS[name](bytes);
    if (bytes.length > DECODED) throw refused("decoded-size", { codec: shown(name) });
  }
  return bytes;
}

function fetched(ref) {
  if (!(ref instanceof Map)) throw refused("ref-kind", { found: shown(ref) });
  const right = {
    store: (it) => typeof it === "string" && /^[A-Za-z0-9_.-]{1,64}$/.test(it),
    key: (it) => typeof it === "string" && /^[A-Za-z0-9/_.=-]{1,512}$/.test(it) && !it.includes(".."),
    size: (it) => typeof it === "bigint" && it >= 0n && it < 2n ** 53n,
    sha256: (it) => typeof it === "string" && /^[0-9a-f]{64}$/.test(it),
  };
  for (const [name, fits] of Object.entries(right)) if (!fits(ref.get(name))) throw refused(`ref-${name}`, { found: shown(ref.get(name)) });
  const [key, size, at] = [ref.get("key"), ref.get("size"), { key: ref.get("key"), store: shown(ref.get("store")) }];
  if (size > DECODED) throw refused("claim-size", { size });
  if (!STORE || ref.get("store") !== "conformance") throw refused("store-unknown", { ...at, known: STORE ? "conformance" : "none" });
  const path = join(STORE, key);
  if (!existsSync(path)) throw refused("object-missing", at);
  const bytes = readFileSync(path);
  if (BigInt(bytes.length) !== size) throw refused("object-size", { ...at, found: bytes.length, size });
  if (sha256(bytes) !== ref.get("sha256")) throw refused("object-hash", at);
  return bytes;
}

const envelope = (enc, part) => `{"$pyflow":1,"enc":"${enc}",${part}}`;

// The forms of a value that are text, and then the one that is compressed; each is undefined where there is none.
function forms(value) {
  const plain = plainText(value);
  const marked = value instanceof Map ? value.has("$pyflow") : value && typeof value === "object" && Object.hasOwn(value, "$pyflow");
  const text = plain === undefined ? envelope("xjson", `"value":${xjsonText(value)}`) : marked ? envelope("json", `"value":${plain}`) : plain;
  const packed = () => {
    const bytes = pack(value);
    if (bytes.length > DECODED || holdsMany("msgpack", bytes)) throw refused("too-large", { ...RESULT, size: text.length, limit: DATA });
    return deflateSync(bytes);
  };
  return { text, packed, compressed: (bytes) => envelope("msgpack", `"codecs":["zlib"],"data":"${bytes.toString("base64")}"`) };
}

function writePayload(value) {
  const { text, packed, compressed } = forms(value);
  if (text.length <= DATA) return text;
  const bytes = packed(), small = compressed(bytes);
  if (small.length <= DATA) return small;
  if (!STORE) throw refused("too-large", { ...RESULT, size: text.length, limit: DATA });
  const digest = sha256(bytes), key = `sha256/${digest.slice(0, 2)}/${digest}`, path = join(STORE, key);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  const ref = JSON.stringify({ store: "conformance", key, size: bytes.length, sha256: digest });
  return envelope("msgpack", `"codecs":["zlib"],"ref":${ref}`);
}

function writeHeartbeat(details) {
  if (details === null || details === undefined) return undefined;
  const { text, packed, compressed } = forms(details);
  if (text.length <= HEARTBEAT) return text;
  const small = compressed(packed());
  return small.length <= HEARTBEAT ? small : envelope("json", `"value":null,"dropped":${text.length}`);
}

// ── Failures (failure.md)
class ApplicationError extends Error {
  constructor(type, message, { nonRetryable = false, details = null, cause } = {}) {
    super(message, { cause });
    Object.assign(this, { type, nonRetryable, details });
  }
}
const argumentError = (message) => new ApplicationError("pyflow.ArgumentError", message, { nonRetryable: true });

const STEPS = [[8192, 16384, 10, true], [4096, 8192, 5, true], [4096, 4096, 3, false], [1024, 0, 0, false], [256, 0, 0, false]];
const first = (text, units) => text.slice(0, units).replace(/[\ud800-\udbff]$/, "");
const typeText = (text) => first(text.toWellFormed().replace(/[\u0000-\u001f\u007f-\u009f]/g, " "), 256);

function cutStack(lines, units) {
  const cost = (line) => line.length + 1;
  if (lines.reduce((sum, line) => sum + cost(line), 0) <= units) return lines;
  let left = units - 32, inner = 0, outer = 0;
  for (let turn = 0; ; turn++) {
    const fromOutside = turn % 3 === 2;
    const line = fromOutside ? lines[lines.length - 1 - outer] : lines[inner];
    if (cost(line) > left) break;
    left -= cost(line);
    fromOutside ? outer++ : inner++;
  }
  return [...lines.slice(0, inner), `... ${lines.length - inner - outer} frames omitted ...`, ...lines.slice(lines.length - outer)];
}

// What a failure has, of anything that was thrown.
function failureOf(thrown, seen = new Set()) {
  seen.add(thrown);
  if (!(thrown instanceof Error)) return { type: "Error", message: String(thrown), class: typeof thrown, stack: [] };
  const cause = thrown.cause !== undefined && thrown.cause !== null && !seen.has(thrown.cause) ? failureOf(thrown.cause, seen) : null;
  const stack = String(thrown.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line)).map((line) => line.trim());
  const name = thrown.constructor?.name ?? "Error";
  return { type: String(thrown.type ?? name), message: String(thrown.message), class: name, stack, cause,
    nonRetryable: thrown.nonRetryable === true, details: thrown.details ?? null };
}

function document(failure, [messages, stacks, causes, keepDetails], depth = 0) {
  const parts = [`"type":${quoted(typeText(failure.type))}`, `"message":${quoted(cut(failure.message.toWellFormed(), messages >> depth))}`, `"language":"javascript"`];
  if (failure.class) parts.push(`"class":${quoted(cut(failure.class.toWellFormed(), 256))}`);
  const stack = stacks >> depth ? cutStack(failure.stack ?? [], stacks >> depth) : [];
  if (stack.length) parts.push(`"stack":[${stack.map((line) => quoted(line.toWellFormed())).join(",")}]`);
  if (failure.nonRetryable) parts.push(`"non_retryable":true`);
  if (failure.details !== null && failure.details !== undefined) {
    let text;
    try {
      text = keepDetails ? xjsonText(failure.details) : undefined;
    } catch {
      text = undefined; // outside the model
    }
    parts.push(text === undefined ? `"details_omitted":true` : `"details":${text}`);
  }
  if (failure.cause) parts.push(depth < causes ? `"cause":${document(failure.cause, [messages, stacks, causes, keepDetails], depth + 1)}` : `"cause_omitted":true`);
  return `{${parts.join(",")}}`;
}

function writeFailure(failure) {
  for (const step of STEPS) {
    const details = `{"$pyflow":1,"failure":${document(failure, step)}}`;
    if (details.length <= DATA) return { reason: typeText(failure.type), details };
  }
  throw new Error("the last step always fits");
}

const refusedAs = ({ type, message, retryable }) => writeFailure({ type, message, nonRetryable: !retryable });
const ownFailure = (type, message, nonRetryable) => writeFailure({ type: `pyflow.${type}`, message, nonRetryable });

// ── The worker (worker.md)
class ActivityCanceled extends Error {
  constructor() { super("the activity is to stop"); this.details = null; }
}
const log = (...words) => console.error(new Date().toISOString(), ...words);
const sleep = (milliseconds, signal) => new Promise((resolve) => {
  const timer = setTimeout(resolve, milliseconds);
  signal?.addEventListener("abort", () => { clearTimeout(timer); resolve(); }, { once: true });
});
const GONE = "UnknownResourceFault";
const REFUSED = ["ValidationException", "SerializationException", "OperationNotPermittedFault", "AccessDeniedException"];

// What an activity is told, and what it tells: `heartbeat` and `sleep` throw ActivityCanceled once it is to stop.
class Task {
  constructor(worker, task) {
    Object.assign(this, { worker, token: task.taskToken, name: `${task.activityType.name} ${task.activityId}`, stopping: new AbortController() });
  }
  get reason() { return this.stopping.signal.aborted ? this.stopping.signal.reason : null; }
  heartbeat(details) {
    if (this.reason) throw new ActivityCanceled();
    this.told = { text: writeHeartbeat(details) };
    this.beat();
  }
  async sleep(milliseconds) {
    await sleep(milliseconds, this.stopping.signal);
    if (this.reason) throw new ActivityCanceled();
  }
  // Sends what was told, at most once an interval; what comes meanwhile waits, the newest alone.
  keep(timeout, automatic) {
    this.interval = timeout ? Math.min(Math.max(0.4 * timeout, 0.2), 30) * 1000 : 10000;
    Object.assign(this, { timeout, automatic, sentAt: -Infinity, heardAt: performance.now() });
    if (automatic) this.beat();
  }
  beat() {
    if (this.ended || this.timer || this.sending) return;
    this.timer = setTimeout(async () => {
      this.timer = null;
      this.sending = true;
      this.sentAt = performance.now();
      await this.send();
      this.sending = false;
      if (this.automatic || this.told) this.beat();
    }, Math.max(0, this.sentAt + this.interval - performance.now()));
  }
  async send() {
    const { told } = this;
    this.told = null;
    try {
      const details = told ? told.text : this.last;
      const { cancelRequested } = await this.worker.swf.send(new sdk.RecordActivityTaskHeartbeatCommand({ taskToken: this.token, details }));
      this.heardAt = performance.now();
      this.last = details;
      if (cancelRequested) this.stop("requested");
    } catch (error) {
      this.told ??= told; // to be sent with the next
      if (error.name === GONE) this.stop("gone");
      else if (this.timeout && performance.now() - this.heardAt > this.timeout * 1000) this.stop("heartbeat_lost");
      log("heartbeat of", this.name, "failed:", error.name);
    }
  }
  stop(reason) {
    if (!this.ended) this.stopping.abort(reason);
  }
  end() {
    this.ended = true;
    clearTimeout(this.timer);
  }
}

export class Worker {
  constructor(activities, { domain, taskList, endpoint, concurrency = 10, pollers = 2, gracefulTimeout = 70 }) {
    Object.assign(this, { activities, domain, taskList, concurrency, pollers, gracefulTimeout });
    Object.assign(this, { held: new Map(), free: concurrency, waiting: [], quiet: new AbortController(), cutShort: false });
    const settings = { endpoint, region: process.env.AWS_REGION ?? "us-east-1", maxAttempts: 1, requestHandler: { requestTimeout: 75000 } };
    this.swf = new sdk.SWFClient(settings);
    this.identity = `javascript@${hostname()}:${process.pid}`;
  }

  async register() {
    for (const [name, { timeouts = {} }] of Object.entries(this.activities)) {
      const { scheduleToStart = "NONE", startToClose = "NONE", scheduleToClose = "NONE", heartbeat = "NONE" } = timeouts;
      const type = { domain: this.domain, name, version: "1", defaultTaskList: { name: this.taskList },
        defaultTaskScheduleToStartTimeout: String(scheduleToStart), defaultTaskStartToCloseTimeout: String(startToClose),
        defaultTaskScheduleToCloseTimeout: String(scheduleToClose), defaultTaskHeartbeatTimeout: String(heartbeat) };
      try {
        await this.swf.send(new sdk.RegisterActivityTypeCommand(type));
      } catch (error) {
        if (error.name !== "TypeAlreadyExistsFault") throw error;
      }
    }
  }

  // Polls until it is told to stop; then its exit status.
  async run() {
    const stop = () => (this.quiet.signal.aborted ? this.hurry?.() : this.quiet.abort());
    process.on("SIGTERM", stop).on("SIGINT", stop);
    await this.register();
    console.log("ready");
    const polls = Array.from({ length: this.pollers }, () => this.poll());
    await new Promise((resolve) => this.quiet.signal.addEventListener("abort", resolve));
    const hurried = new Promise((resolve) => { this.hurry = resolve; });
    const drained = Promise.all(polls).then(() => this.idle());
    await Promise.race([drained, hurried, sleep(this.gracefulTimeout * 1000)]);
    if (this.held.size) {
      for (const task of this.held.values()) task.stop("worker_shutdown");
      await Promise.race([this.idle(), sleep(5000)]);
      await Promise.all([...this.held.values()].map((task) => this.answer(task, shutDown())));
      this.cutShort = true;
    }
    return this.cutShort ? 1 : 0;
  }

  async idle() {
    while (this.held.size) await sleep(20);
  }

  async poll() {
    for (let failures = 0; !this.quiet.signal.aborted; ) {
      while (this.free === 0) await new Promise((resolve) => this.waiting.push(resolve));
      this.free--; // the slot first, then the poll
      if (this.quiet.signal.aborted) return;
      try {
        const task = await this.swf.send(new sdk.PollForActivityTaskCommand({ domain: this.domain, taskList: { name: this.taskList }, identity: this.identity }));
        failures = 0;
        if (task.taskToken) {
          this.work(task).catch((error) => log("a task could not be worked on:", error)).finally(() => this.release());
          continue;
        }
      } catch (error) {
        log("a poll failed:", error.name, error.message);
        await sleep(Math.random() * Math.min(100 * 2 ** failures++, 30000), this.quiet.signal);
      }
      this.release();
    }
  }

  release() {
    this.free++;
    this.waiting.shift()?.();
  }

  async work(task) {
    const context = new Task(this, task), id = Symbol(task.activityId);
    this.held.set(id, context);
    try {
      const outcome = await this.perform(context, task);
      context.end();
      if (outcome) await this.answer(context, outcome);
      else log(context.name, "is not answered:", context.reason);
    } finally {
      context.end();
      this.held.delete(id);
    }
  }

  // The command that answers the task, or null where nobody waits for an answer.
  async perform(context, task) {
    const activity = Object.hasOwn(this.activities, task.activityType.name) && task.activityType.version === "1" ? this.activities[task.activityType.name] : null;
    if (!activity) return failed(refusedAs(refused("activity-unknown", {
      activity: `${task.activityType.name} ${task.activityType.version}`, known: known(Object.keys(this.activities).map((name) => `${name} 1`)),
    })));
    let payload;
    try {
      payload = readPayload(task.input);
    } catch (error) {
      if (!(error instanceof Refused)) return failed(ownFailure("PayloadDecodeError", String(error), true));
      return failed(refusedAs(error));
    }
    const asked = payload.headers.get("heartbeat_timeout");
    context.keep(Number(asked ?? activity.timeouts?.heartbeat ?? 0), activity.automatic !== false);
    let result;
    try {
      result = await activity.call(payload.value, context);
    } catch (error) {
      if (context.reason === "gone" || context.reason === "heartbeat_lost") return null;
      if (!(error instanceof ActivityCanceled)) return failed(writeFailure(failureOf(error)));
      if (context.reason === "worker_shutdown") return shutDown();
      return new Canceled(error.details === null ? undefined : writePayload(error.details));
    }
    if (result === DEFERRED || context.reason === "gone" || context.reason === "heartbeat_lost") return null;
    if (result === null || result === undefined) return new Completed(undefined);
    try {
      RESULT.what = `result of activity ${task.activityType.name} ${task.activityType.version}`;
      return new Completed(writePayload(result));
    } catch (error) {
      return failed(error instanceof Refused ? refusedAs(error) : ownFailure("ResultEncodeError", String(error), true));
    }
  }

  async answer(context, outcome) {
    if (context.answered) return;
    context.answered = true;
    const until = performance.now() + 600000;
    for (let failures = 0; ; failures++) {
      try {
        return await this.swf.send(outcome.command(context.token));
      } catch (error) {
        if (error.name === GONE) return log(context.name, "is gone: its answer is dropped");
        if (REFUSED.includes(error.name) || performance.now() > until) return log("the answer to", context.name, "failed:", error.name, error.message);
        await sleep(Math.random() * Math.min(100 * 2 ** failures, 30000));
      }
    }
  }
}

class Completed {
  constructor(result) { this.result = result; }
  command(taskToken) { return new sdk.RespondActivityTaskCompletedCommand({ taskToken, result: this.result }); }
}
class Canceled {
  constructor(details) { this.details = details; }
  command(taskToken) { return new sdk.RespondActivityTaskCanceledCommand({ taskToken, details: this.details }); }
}
class Failed {
  constructor(failure) { this.failure = failure; }
  command(taskToken) { return new sdk.RespondActivityTaskFailedCommand({ taskToken, ...this.failure }); }
}
const failed = (failure) => new Failed(failure);
const shutDown = () => failed(refusedAs(refused("worker-shutdown")));
const DEFERRED = Symbol("somebody else will answer");

// ── The activities of protocol/conformance/README.md
function fields(input, wanted) {
  if (!(input instanceof Map)) throw argumentError("the input is no map");
  return Object.fromEntries(Object.entries(wanted).map(([key, [kinds, otherwise]]) => {
    const value = input.get(key) ?? otherwise;
    if (value === undefined || (value !== null && !kinds.includes(typeof value))) throw argumentError(`${key} is missing, or no ${kinds}`);
    return [key, value];
  }));
}
const SECONDS = { seconds: [["bigint", "number"]] };

const ACTIVITIES = {
  echo: { call: (value) => value },
  fail: {
    call(input) {
      const wanted = fields(input, { type: [["string"]], message: [["string"]], non_retryable: [["boolean"], false], causes: [["bigint"], 0n] });
      let cause;
      for (let left = wanted.causes; left > 0n; left--) cause = new ApplicationError(wanted.type, wanted.message, { cause });
      throw new ApplicationError(wanted.type, wanted.message, { nonRetryable: wanted.non_retryable, details: input.get("details") ?? null, cause });
    },
  },
  crash: {
    call(message) {
      throw new TypeError(message, { cause: new RangeError("the cause") });
    },
  },
  quit: {
    call() {
      throw null; // process.exit can't be caught; this is the oddest thing that can
    },
  },
  dive: { call: () => ACTIVITIES.dive.call() },
  hold: {
    timeouts: { heartbeat: 10 },
    async call(input, task) {
      const { seconds, padding } = fields(input, { ...SECONDS, padding: [["string"], null] });
      const end = performance.now() + Number(seconds) * 1000;
      let beats = 0n;
      try {
        while (performance.now() < end) {
          beats++;
          task.heartbeat(padding === null ? { beats } : { beats, padding });
          await task.sleep(50);
        }
      } catch (error) {
        if (error instanceof ActivityCanceled) error.details = { beats };
        throw error;
      }
      return "held";
    },
  },
  doze: {
    automatic: false,
    async call(input) {
      await sleep(Number(fields(input, SECONDS).seconds) * 1000);
      return "dozed";
    },
  },
  rest: {
    async call(input) {
      await sleep(Number(fields(input, SECONDS).seconds) * 1000);
      return "rested";
    },
  },
  bulk: { call: (input) => randomBytes(Number(fields(input, { bytes: [["bigint"]] }).bytes)) },
  supports: { call: () => ["codecs", "late-completion", ...(STORE ? ["claim-check"] : []), ...(KEYS ? ["encryption"] : [])] },
  defer: {
    automatic: false,
    call(input, task) {
      writeFileSync(fields(input, { file: [["string"]] }).file, task.token);
      return DEFERRED;
    },
  },
};

const { values } = parseArgs({ options: { "endpoint-url": { type: "string" }, domain: { type: "string" }, "task-list": { type: "string" } } });
const worker = new Worker(ACTIVITIES, { endpoint: values["endpoint-url"], domain: values.domain, taskList: values["task-list"] });
process.exit(await worker.run());
