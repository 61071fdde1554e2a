import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { decode, encode, encodeBinary, passOn } from "./codec.ts";

/** Keys that a naive encoding trips over, among ordinary ones. */
const key = fc.oneof(
  fc.constantFrom("$", "toString", "constructor", "length", "0", "", "null", "value"),
  fc.string({ unit: "binary", maxLength: 5 }).filter((text) => text !== "__proto__"),
);
const bytes = fc.uint8Array({ maxLength: 20 });
const leaf = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0 === 0 ? 0 : n),
  fc.boolean(),
  fc.constant(null),
  { arbitrary: bytes, weight: 3 },
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: "small" },
    leaf,
    fc.array(tie("value"), { maxLength: 5 }),
    fc.dictionary(key, tie("value"), { maxKeys: 5, noNullPrototype: true }),
  ),
}));

/** A packet as a hostile client may write it by hand. */
const packet = (json: string, ...parts: Uint8Array[]): Uint8Array => {
  const sections = [new TextEncoder().encode(json), ...parts];
  return Uint8Array.of(
    1,
    ...sections.flatMap((part) => [0, 0, part.length >> 8, part.length & 255, ...part]),
  );
};

describe("codec", () => {
  it("gives back whatever was encoded, bytes as bytes", () =>
    fc.assert(fc.property(value, (sent) => assert.deepEqual(decode(encode(sent)), sent))));

  it("leaves what it encodes as it was", () =>
    fc.assert(fc.property(value, (sent) => {
      const before = structuredClone(sent);
      encode(sent);
      assert.deepEqual(sent, before);
    })));

  it("takes bytes as they are, and says where there are none", () => {
    const large = new Uint8Array(100_000).fill(255);
    assert.ok(encode({ a: [large] }).byteLength < 100_100);
    assert.equal(encodeBinary({ a: ["no bytes", null] }), undefined);
  });

  it("gives plain arrays that share no memory with what they were read from", () => {
    const sent = { bytes: Uint8Array.of(1, 2, 3) };
    // What sockets of Node's hand over.
    for (const encoded of [encode(sent), Buffer.from(encode(sent))]) {
      const { bytes } = decode(encoded) as typeof sent;
      encoded.fill(0);
      assert.equal(Object.getPrototypeOf(bytes), Uint8Array.prototype);
      assert.deepEqual(bytes, sent.bytes);
    }
  });

  it("leaves what is most of a buffer in it, where it is only passed on, and copies the rest", () => {
    for (const [size, stays] of [[900, true], [30, false]] as const) {
      const encoded = encode([new Uint8Array(1_000 - size), new Uint8Array(size)]);
      const [, part] = decode(encoded, passOn) as [Uint8Array, Uint8Array];
      assert.equal(part.buffer === encoded.buffer, stays);
      assert.equal(Object.getPrototypeOf(part), Uint8Array.prototype);
      assert.deepEqual(part, new Uint8Array(size));
    }
  });

  it("reads bytes that begin anywhere in a buffer", () => {
    const encoded = encode([Uint8Array.of(7)]);
    const shifted = new Uint8Array(encoded.length + 3);
    shifted.set(encoded, 3);
    assert.deepEqual(decode(shifted.subarray(3)), [Uint8Array.of(7)]);
  });

  const broken: [string, Uint8Array][] = [
    ["nothing", new Uint8Array()],
    ["an unknown layout", Uint8Array.of(2, 1, 1)],
    ["text that is no JSON", Uint8Array.of(0, 123)],
    ["a part that is missing", packet("[[null],[[0]]]")],
    ["a length beyond the end", Uint8Array.of(1, 255, 255, 255, 255, 1)],
    ["a place that is not there", packet('[{},[["a","b"]]]', Uint8Array.of(1))],
    // These would be placed, but nowhere that `encode` puts bytes.
    ["a prototype as a place", packet('[{"a":{}},[["a","__proto__"]]]', Uint8Array.of(1))],
    ["a place far beyond an array", packet("[[],[[4000000]]]", Uint8Array.of(1))],
    ["a place where there is something", packet('[{"a":"kept"},[["a"]]]', Uint8Array.of(1))],
  ];
  for (const [what, encoded] of broken) {
    it(`refuses ${what}`, () => assert.throws(() => decode(encoded), Error));
  }

  it("throws nothing but errors at any bytes at all", () =>
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(1), (rest, layout) => {
      try {
        decode(Uint8Array.of(layout, ...rest));
      } catch (error) {
        assert.ok(error instanceof Error);
      }
    })));
});
