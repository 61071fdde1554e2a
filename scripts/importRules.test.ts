import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findImportViolations } from "./importRules.ts";

const importMap = {
  plugboard: "./common/plugin/plugboard.ts",
  amqplib: "npm:amqplib@1.0.0",
  esbuild: "npm:esbuild@1.0.0",
  preact: "npm:preact@1.0.0",
  "preact/": "npm:/preact@1.0.0/",
  "socket.io": "npm:socket.io@1.0.0",
  "socket.io-client": "npm:socket.io-client@1.0.0",
};
const base = {
  "common/a.ts": "",
  "common/plugin/plugboard.ts": "",
  "gateway/a.ts": "",
  "workers/a.ts": "",
  "workers/plugins/other.ts": "",
  "workers/plugins/_shared.ts": "",
  "client/a.ts": "",
  "client/ui/app.css": "",
  "tests/harness/a.ts": "",
};
const check = (files: Record<string, string>) =>
  findImportViolations(new Map(Object.entries({ ...base, ...files })), { importMap });

const allowed: [file: string, source: string][] = [
  ["common/x.ts", `import { a } from "./a.ts";`],
  ["common/x.test.ts", `import { a } from "../tests/harness/a.ts";`],
  ["gateway/x.ts", `import type { A } from "../common/a.ts";\nexport * from "./a.ts";`],
  ["workers/x.ts", `const a = await import("./a.ts");`],
  ["workers/plugins/x.test.ts", `import x from "./other.ts";\nimport "../a.ts";`],
  ["workers/plugins/x.ts", `import "plugboard";\nimport "./_shared.ts";\nimport "node:fs";`],
  ["client/ui/x.tsx", `import "./app.css";\nimport { useState } from "preact/hooks";`],
  ["common/rabbit-mq/x.ts", `import amqplib from "amqplib";`],
  ["gateway/socketIoServer.ts", `import { Server } from "socket.io";`],
  ["client/websocketClient.ts", `import { io } from "socket.io-client";`],
  ["scripts/x.ts", `import "esbuild";\nimport "../gateway/a.ts";`],
  ["tests/x.ts", `import "amqplib";\nimport "../workers/a.ts";`],
  ["common/x.ts", `// import "../gateway/a.ts";\n/*\nimport "../gateway/a.ts";\n*/`],
  ["common/x.ts", 'const text = `\nimport "../gateway/a.ts";\n${`\nimport "no";`}`;'],
  ["common/x.ts", `const text = 'import "../gateway/a.ts"';\nconst r = /["'\`]/g;\n"don't";`],
  ["client/ui/x.tsx", `const X = () => <p>Don't import "../gateway/a.ts"</p>;`],
  ["common/x.ts", `export const from = "nowhere";\nArray.from("nothing");`],
  ["common/x.ts", `export const a = Deno.pid;`],
];

const refused: [file: string, source: string, message: RegExp][] = [
  ["common/x.ts", `import "../gateway/a.ts";`, /^common\/x\.ts:1: common\/ imports only common\//],
  ["common/x.ts", `import "../tests/harness/a.ts";`, /common\/ imports only common\//],
  ["gateway/x.ts", `\n\nimport type { A } from "../workers/a.ts";`, /^gateway\/x\.ts:3: gateway\//],
  ["gateway/x.ts", `import {\n  a,\n  b,\n} from '../workers/a.ts';`, /^gateway\/x\.ts:4: /],
  ["workers/x.ts", `export { a } from "../client/a.ts";`, /workers\/ imports only common\/ and/],
  ["client/x.ts", `const a = import("../gateway/a.ts");`, /client\/ imports only/],
  ["client/x.test.ts", `import "../gateway/a.ts";`, /client\/ imports only/],
  ["client/x.ts", `const r = /["'\`]/;\nimport "../gateway/a.ts";`, /^client\/x\.ts:2: /],
  ["client/x.ts", 'const t = `${`}`}`;\nimport "../gateway/a.ts";', /^client\/x\.ts:2: /],
  ["workers/plugins/x.ts", `import "../a.ts";`, /a plugin imports "plugboard"/],
  ["workers/plugins/x.ts", `import "./other.ts";`, /a plugin imports "plugboard"/],
  ["workers/plugins/x.ts", `import "../../common/plugin/plugboard.ts";`, /a plugin imports/],
  ["workers/plugins/_shared.ts", `import "../../common/a.ts";`, /a plugin imports/],
  ["gateway/x.ts", `import "amqplib";`, /only common\/rabbit-mq\/ imports "amqplib"/],
  ["gateway/x.ts", `import "socket.io";`, /only gateway\/socketIoServer\.ts imports/],
  ["client/x.ts", `import "socket.io-client";`, /only client\/websocketClient\.ts imports/],
  ["gateway/x.ts", `import "esbuild";`, /only scripts\/ imports "esbuild"/],
  ["scripts/x.ts", `import "lodash";`, /"lodash" is not in import_map\.json/],
  ["scripts/x.ts", `import "npm:preact@1.0.0";`, /is not in import_map\.json/],
  ["common/x.ts", `import "./a";`, /there is no common\/a; a relative import names/],
  ["common/x.ts", `import "./gone.ts";`, /there is no common\/gone\.ts/],
];

describe("findImportViolations", () => {
  for (const [file, source] of allowed) {
    it(`allows ${file}: ${JSON.stringify(source)}`, () => {
      assert.deepEqual(check({ [file]: source }), []);
    });
  }

  for (const [file, source, message] of refused) {
    it(`refuses ${file}: ${JSON.stringify(source)}`, () => {
      const violations = check({ [file]: source });
      assert.equal(violations.length, 1, violations.join("\n"));
      assert.match(violations[0] ?? "", message);
    });
  }

  it("refuses the globals of a runtime in a second file", () => {
    const violations = check({ "common/x.ts": "Deno.pid;", "common/y.ts": `import "bun:ffi";` });
    assert.equal(violations.length, 2);
    assert.match(violations[1] ?? "", /^common\/y\.ts:1: the globals of a runtime/);
  });

  it("refuses imports that go in a circle, but not those of types", () => {
    const files = { "common/x.ts": `import "./y.ts";`, "common/z.ts": `import "./x.ts";` };
    const circle = /circle: common\/x\.ts → common\/y\.ts → common\/z\.ts → common\/x\.ts/;
    const violations = check({ ...files, "common/y.ts": `import "./z.ts";` });
    assert.equal(violations.length, 1);
    assert.match(violations[0] ?? "", circle);
    assert.deepEqual(check({ ...files, "common/y.ts": `import type { Z } from "./z.ts";` }), []);
  });
});
