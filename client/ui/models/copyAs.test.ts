import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, it } from "node:test";
import type { HandlerEntry, JsonSchema } from "../../../common/schemas/catalog.ts";
import { copyAs } from "./copyAs.ts";
import { createOwnHash, createRouteModel } from "./routeModel.ts";

const entryOf = (input: JsonSchema = {}, streams = false): HandlerEntry => ({
  type: "p.do",
  streams,
  idempotent: false,
  concurrency: 1,
  input,
  output: {},
});
const url = "http://127.0.0.1:8080";
const task = "deno task";
const AWKWARD = { text: `it's "so" & ?#=% \\ $HOME\n§ 😀`, "a key": [1, null] };
const withFile = {
  type: "object",
  properties: { file: { format: "binary" }, other: { format: "binary" }, n: { type: "number" } },
  required: ["file", "n"],
};

describe("copyAs", () => {
  it("makes a link that opens the handler with the very input", () => {
    const json = JSON.stringify(AWKWARD);
    const link = new URL(copyAs.Link({ entry: entryOf(), json, url, task }));
    const hash = createOwnHash();
    hash.location.hash = link.hash;
    const route = createRouteModel(hash);
    assert.equal(route.selected.value, "p.do");
    assert.deepEqual(JSON.parse(route.input.value), AWKWARD);
    assert.equal(copyAs.Link({ entry: entryOf(), json: "", url, task }), `${url}/#/p.do`);
  });

  it("writes a call in TypeScript, on one line while it is short", () => {
    const json = JSON.stringify({ a: 1, "b-c": "two" });
    assert.equal(
      copyAs.TypeScript({ entry: entryOf(), json, url, task }),
      `const result = await makeBackendRequest("p.do", { a: 1, "b-c": "two" });`,
    );
    assert.equal(
      copyAs.TypeScript({ entry: entryOf({}, true), json: "", url, task }),
      `for await (const chunk of makeBackendRequest("p.do")) console.log(chunk);`,
    );
    const long = copyAs.TypeScript({
      entry: entryOf(),
      json: JSON.stringify(AWKWARD),
      url,
      task,
    });
    const made = new Function(
      "makeBackendRequest",
      `return ${long.slice("const result = await ".length)}`,
    );
    assert.deepEqual(made((_type: string, payload: unknown) => payload), AWKWARD);
  });

  it("leaves a place for files, which a link and JSON have none for", () => {
    const copied = { entry: entryOf(withFile), json: `{"n":1}`, url, task };
    assert.equal(
      copyAs.TypeScript(copied),
      `const result = await makeBackendRequest("p.do", { file: new Uint8Array(/* the file's bytes */), n: 1 });`,
    );
    assert.equal(copyAs.Command(copied), `deno task call p.do '{"n":1}' --file 'file=PATH'`);
    assert.equal(copyAs.JSON(copied), `{\n  "n": 1\n}`);
  });

  it("writes a command as the gateway's runtime runs it", () => {
    const copied = { entry: entryOf(), json: "7", url, task: "bun run" };
    assert.equal(copyAs.Command(copied), "bun run call p.do '7'");
  });

  it("quotes a command so that a shell gives back the very text", () => {
    const json = JSON.stringify(AWKWARD);
    const command = copyAs.Command({ entry: entryOf(), json, url: "http://gw:1/?a=b&c", task });
    const [start, rest] = [command.slice(0, 14), command.slice(14)];
    assert.equal(start, "deno task call");
    const words = execFileSync("sh", ["-c", `printf '%s\\0' ${rest}`]).toString().split("\0");
    assert.deepEqual(words, ["p.do", json, "--url", "http://gw:1/?a=b&c", ""]);
  });
});
