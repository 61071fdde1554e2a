import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  checkHandshake,
  type Handshake,
  type HandshakeRules,
  isLoopbackHost,
} from "./checkHandshake.ts";

const home: Handshake = { origin: "http://localhost:8080", host: "localhost:8080", auth: {} };
const local: HandshakeRules = { allowedOrigins: [], loopback: true };
const open: HandshakeRules = { allowedOrigins: [], loopback: false };
const listed = { allowedOrigins: ["https://example.org"] };
const guarded = { ...local, token: "open sesame" };

const decide = (handshake: Handshake, rules: HandshakeRules): string => {
  try {
    checkHandshake(handshake, rules);
    return "lets in";
  } catch (error) {
    return `refuses (${(error as { code?: string }).code})`;
  }
};

const TABLE: [string, string, Partial<Handshake>, HandshakeRules][] = [
  ["lets in", "a page of its own", {}, local],
  ["lets in", "a program, which has no origin", { origin: undefined }, local],
  ["refuses (FORBIDDEN)", "a page from elsewhere", { origin: "https://example.org" }, local],
  ["refuses (FORBIDDEN)", "a page of another port", { origin: "http://localhost:9" }, local],
  ["refuses (FORBIDDEN)", "a page from nowhere", { origin: "null" }, local],
  [
    "refuses (FORBIDDEN)",
    "a page from nowhere to nowhere",
    { origin: "null", host: undefined },
    open,
  ],
  [
    "refuses (FORBIDDEN)",
    "a foreign name that points here, page and all",
    { origin: "http://evil.test:8080", host: "evil.test:8080" },
    local,
  ],
  [
    "refuses (FORBIDDEN)",
    "a foreign name that points here, of a program",
    { origin: undefined, host: "evil.test:8080" },
    local,
  ],
  [
    "lets in",
    "a page of any name it is reached by beyond loopback",
    { origin: "https://board.test", host: "board.test" },
    open,
  ],
  ["lets in", "a listed page", { origin: "https://example.org" }, { ...local, ...listed }],
  [
    "refuses (FORBIDDEN)",
    "a page that only begins like a listed one",
    { origin: "https://example.org.evil.test" },
    { ...local, ...listed },
  ],
  ["lets in", "any page at all", { origin: "null" }, { ...local, allowedOrigins: ["*"] }],
  ["lets in", "who shows the token", { auth: { token: "open sesame" } }, guarded],
  ["refuses (UNAUTHENTICATED)", "who shows no token", {}, guarded],
  ["refuses (UNAUTHENTICATED)", "who shows another", { auth: { token: "open sesam" } }, guarded],
  [
    "refuses (UNAUTHENTICATED)",
    "a token that is no text",
    { auth: { token: { toString: 1 } } },
    guarded,
  ],
  ["refuses (UNAUTHENTICATED)", "no auth at all", { auth: null }, guarded],
  [
    "refuses (FORBIDDEN)",
    "a page from elsewhere that has the token",
    { origin: "https://example.org", auth: { token: "open sesame" } },
    guarded,
  ],
];

describe("checkHandshake", () => {
  for (const [decision, who, handshake, rules] of TABLE) {
    it(`${decision} ${who}`, () =>
      assert.equal(decide({ ...home, ...handshake }, rules), decision));
  }

  it("never repeats the token", () => {
    assert.throws(() => checkHandshake(home, guarded), (error: Error) => {
      assert.doesNotMatch(error.message, /sesame/);
      return true;
    });
  });
});

describe("isLoopbackHost", () => {
  it("knows every name of this machine alone, with a port or without", () => {
    for (
      const host of ["localhost", "LOCALHOST:1", "127.0.0.1:80", "127.9.9.9", "::1", "[::1]:80"]
    ) {
      assert.ok(isLoopbackHost(host), host);
    }
  });

  it("is not taken in by names that look like it", () => {
    const hosts = [
      "",
      "localhost.evil.test",
      "127.0.0.1.evil.test",
      "0.0.0.0",
      "a127.0.0.1",
      "::2",
    ];
    for (const host of hosts) assert.equal(isLoopbackHost(host), false, host);
  });
});
