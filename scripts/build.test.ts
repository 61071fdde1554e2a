import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { buildClient } from "./build.ts";

const repository = fileURLToPath(new URL("..", import.meta.url));

describe("buildClient", () => {
  let root = "";
  const inOut = (name: string) => join(root, "dist/client", name);
  // An old time, and a new one for each writing: file systems' clocks are coarse.
  let clock = 1_000_000;
  const put = async (name: string, text: string) => {
    const path = join(root, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    await utimes(path, ++clock, clock);
  };
  const page = (text: string) =>
    `import "./app.css";
import { signal } from "@preact/signals";
import { render } from "preact";
const text = signal("${text}");
render(<p>{text}</p>, document.body);`;

  before(async () => {
    root = await mkdtemp(join(tmpdir(), "plugboard-build-"));
    await symlink(join(repository, "node_modules"), join(root, "node_modules"));
    for (const name of ["package.json", "tsconfig.json"]) {
      await cp(join(repository, name), join(root, name));
      await utimes(join(root, name), clock, clock);
    }
    await put("client/client.ts", `export const answer: number = 42;`);
    await put("client/ui/main.tsx", page("first text"));
    await put("client/ui/app.css", `p { color: red }`);
    await put(
      "client/ui/index.html",
      `<!doctype html><script type="module" src="/app.js"></script>`,
    );
  });
  after(() => rm(root, { recursive: true, force: true }));

  it("writes the client modules as one module, and the page", async () => {
    const { skipped, files } = await buildClient({ root });
    assert.equal(skipped, false);
    const all = ["app.css", "app.css.map", "app.js", "app.js.map", "client.js", "client.js.map"];
    assert.deepEqual(files.toSorted(), [...all, "index.html"]);
    const client: { answer: number } = await import(inOut("client.js"));
    assert.equal(client.answer, 42);
    assert.match(await readFile(inOut("app.js"), "utf8"), /first text/);
    assert.match(await readFile(inOut("app.css"), "utf8"), /p\{color:red\}/);
  });

  it("bundles one preact, though @preact/signals imports it too", async () => {
    const map: { sources: string[] } = JSON.parse(await readFile(inOut("app.js.map"), "utf8"));
    const copies = map.sources.flatMap((path) =>
      path.match(/^.*\/node_modules\/preact(?=\/)/) ?? []
    );
    assert.equal(new Set(copies).size, 1, copies.join("\n"));
  });

  it("does nothing while nothing changes", async () => {
    assert.equal((await buildClient({ root })).skipped, true);
  });

  it("builds again when a source, or a file it wrote, has changed", async () => {
    await put("client/ui/main.tsx", page("second text"));
    assert.equal((await buildClient({ root })).skipped, false);
    assert.match(await readFile(inOut("app.js"), "utf8"), /second text/);
    await rm(inOut("client.js"));
    assert.equal((await buildClient({ root })).skipped, false);
    assert.equal((await buildClient({ root })).skipped, true);
  });

  it("names the place of a mistake and leaves the last good files", async () => {
    await put("client/ui/main.tsx", `import "./missing.ts";\nconst = 1;`);
    await assert.rejects(buildClient({ root }), /client\/ui\/main\.tsx:2:7: Expected identifier/);
    assert.match(await readFile(inOut("app.js"), "utf8"), /second text/);
  });
});

describe("the real bundles", () => {
  /** Minified and gzipped, in KB of 1,000 bytes, as `deno task bench --only size` has it. */
  const sizeOf = async (name: string): Promise<number> =>
    gzipSync(await readFile(join(repository, "dist/client", name)), { level: 9 }).length / 1_000;

  before(() => buildClient());

  for (const [name, most] of Object.entries({ "client.js": 16, "app.js": 45, "app.css": 8 })) {
    it(`keep ${name} within ${most} KB`, async () => {
      const size = await sizeOf(name);
      assert.ok(size > 0.5 && size <= most, `${name} has ${size} KB`);
    });
  }
});
