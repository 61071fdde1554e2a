import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readSettings, settingsHelp } from "./settings.ts";

const read = (argv: string[], env: Record<string, string> = {}, switches = {}) =>
  readSettings({ argv, env, switches });

describe("readSettings", () => {
  it("takes the flag, else the variable, else the default; an empty variable is none", () => {
    const { settings } = read(["--port", "1", "--log-level=warn"], {
      PORT: "2",
      HOST: "0.0.0.0",
      LOG_LEVEL: "debug",
      AMQP_URL: "",
      MAX_PENDING: "",
    });
    const { PORT, HOST, LOG_LEVEL, AMQP_URL, MAX_PENDING } = settings;
    assert.deepEqual([PORT, HOST, LOG_LEVEL, AMQP_URL, MAX_PENDING], [
      1,
      "0.0.0.0",
      "warn",
      undefined,
      256,
    ]);
  });

  it("listens on loopback only, with the embedded engine, when nobody says", () => {
    const { settings } = read([]);
    assert.deepEqual([settings.HOST, settings.AMQP_URL, settings.AUTH_TOKEN], [
      "127.0.0.1",
      undefined,
      undefined,
    ]);
    assert.deepEqual([settings.ALLOW_ANONYMOUS, settings.MAX_PAYLOAD_BYTES], [false, 1_048_576]);
  });

  it("parses lists and switches, and tells when help is wanted", () => {
    const argv = ["--allowed-origins", "https://a.test, http://b.test:8", "--watch", "--help"];
    const { settings, switched, help } = read(argv, {}, { watch: "…", other: "…" });
    assert.deepEqual(settings.ALLOWED_ORIGINS, ["https://a.test", "http://b.test:8"]);
    assert.deepEqual([[...switched], help], [["watch"], true]);
  });

  const wrong: [string, string][] = [
    ["PORT", "65536"],
    ["PORT", "-1"],
    ["PORT", "80a"],
    ["PORT", "1e3"],
    ["LOG_LEVEL", "loud"],
    ["LOG_FORMAT", "xml"],
    ["REQUEST_TIMEOUT_MS", "0"],
    ["MAX_PAYLOAD_BYTES", "1023"],
    ["ALLOWED_ORIGINS", "https://a.test/path"],
    ["ALLOWED_ORIGINS", "a.test"],
    ["ALLOW_ANONYMOUS", "yes"],
  ];
  for (const [name, value] of wrong) {
    it(`says in one line that ${name} cannot be ${value}, and what it may be`, () => {
      const flag = `--${name.toLowerCase().replaceAll("_", "-")}`;
      for (
        const given of [
          read.bind(null, [`${flag}=${value}`]),
          read.bind(null, [], { [name]: value }),
        ]
      ) {
        assert.throws(() => given(), (error: Error) => {
          const { message } = error;
          assert.ok(message.startsWith(`${name} (${flag}) cannot be "${value}`), message);
          assert.match(message, /it must be .+\.$/);
          assert.doesNotMatch(message, /\n/);
          return true;
        });
      }
    });
  }

  it("never repeats a secret", () => {
    for (
      const [name, value] of [["AUTH_TOKEN", "secret"], ["AMQP_URL", "http://u:secret@h"]] as const
    ) {
      assert.throws(() => read([], { [name]: value }), (error: Error) => {
        assert.ok(error.message.startsWith(name));
        assert.doesNotMatch(error.message, /secret/);
        return true;
      });
    }
  });

  it("refuses a flag that there is not, by name", () => {
    assert.throws(() => read(["--prot", "1"]), /--prot/);
    assert.throws(() => read(["stray"]), /stray/);
  });
});

describe("settingsHelp", () => {
  it("lists every setting with flag, variable and default, and the switches", () => {
    const help = settingsHelp("start: runs it.", { watch: "loads again" });
    assert.match(help, /^start: runs it\./);
    assert.match(help, /--max-pending-total\s+MAX_PENDING_TOTAL\s.*\(20000\)/);
    assert.match(help, /--watch\s+loads again/);
    for (const name of Object.keys(read([]).settings)) assert.ok(help.includes(` ${name} `), name);
  });
});
