import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { createStaticFiles } from "../gateway/createStaticFiles.ts";
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
render(<p>{text}</p>, document.body);
void import("./later.tsx");`;
  const later = `import { render } from "preact";
render(<p>only when needed</p>, document.body);
export const styles = PLUGBOARD_LATER_STYLES;`;

  before(async () => {
    root = await mkdtemp(join(tmpdir(), "plugboard-build-"));
    await symlink(join(repository, "node_modules"), join(root, "node_modules"));
    for (const name of ["package.json", "tsconfig.json"]) {
      await cp(join(repository, name), join(root, name));
      await utimes(join(root, name), clock, clock);
    }
    await put("client/client.ts", `export const answer: number = 42;`);
    await put("client/ui/main.tsx", page("first text"));
    await put("client/ui/later.tsx", later);
    await put("client/ui/chart.ts", `export const chart = "drawn when needed";`);
    await put("client/ui/app.css", `p { color: red; margin: 0.5rem }`);
    await put("client/ui/later.css", `b { padding: 0.5rem }`);
    await put(
      "client/ui/embed.ts",
      `export const styles = [PLUGBOARD_STYLES, PLUGBOARD_LATER_STYLES];
export const draw = () => import("./chart.ts");`,
    );
    await put(
      "client/ui/index.html",
      `<!doctype html><script type="module" src="/app.js"></script>`,
    );
  });
  after(() => rm(root, { recursive: true, force: true }));

  it("writes the client modules as one module, and the page", async () => {
    const { skipped, files } = await buildClient({ root });
    assert.equal(skipped, false);
    const bundles = [
      "app.css",
      "app.js",
      "chart.js",
      "chunk.js",
      "client.js",
      "embed.js",
      "later.js",
    ];
    const all = [...bundles, ...bundles.map((name) => `${name}.map`), "index.html"];
    assert.deepEqual(files.toSorted(), all.toSorted());
    const client: { answer: number } = await import(inOut("client.js"));
    assert.equal(client.answer, 42);
    assert.match(await readFile(inOut("app.js"), "utf8"), /first text/);
    assert.match(await readFile(inOut("app.css"), "utf8"), /p\{color:red;/);
  });

  it("puts the styles into what is embedded, with sizes that no page changes", async () => {
    const { styles }: { styles: string[] } = await import(inOut("embed.js"));
    const rules = styles.map((sheet) => sheet.replaceAll("\n", ""));
    assert.deepEqual(rules, ["p{color:red;margin:8px}b{padding:8px}", ""]);
  });

  it("keeps the chart out of what is embedded, until it is drawn", async () => {
    const embed: { draw(): Promise<{ chart: string }> } = await import(inOut("embed.js"));
    assert.doesNotMatch(await readFile(inOut("embed.js"), "utf8"), /drawn when needed/);
    assert.equal((await embed.draw()).chart, "drawn when needed");
  });

  it("keeps what the page imports later apart, and what both need in one place", async () => {
    const inLater = await readFile(inOut("later.js"), "utf8");
    assert.match(inLater, /only when needed/);
    assert.match(inLater, /b\{padding:\.5rem\}/);
    assert.doesNotMatch(await readFile(inOut("app.js"), "utf8"), /only when needed/);
    assert.doesNotMatch(await readFile(inOut("app.css"), "utf8"), /padding/);
    assert.match(await readFile(inOut("app.js"), "utf8"), /from"\.\/chunk\.js"/);
  });

  it("bundles one preact, though @preact/signals imports it too", async () => {
    const maps = ["app.js.map", "chunk.js.map", "later.js.map"].map(async (name) => {
      const map: { sources: string[] } = JSON.parse(await readFile(inOut(name), "utf8"));
      return map.sources.filter((path) => path.includes("/node_modules/preact/"));
    });
    const sources = (await Promise.all(maps)).flat();
    // Hooks and signals hang themselves into it.
    assert.equal(sources.filter((path) => path.endsWith("/preact/src/options.js")).length, 1);
    const copies = sources.map((path) => path.match(/^.*\/node_modules\/preact(?=\/)/)![0]);
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

  const BUDGETS: [files: string[], most: number][] = [
    [["client.js"], 16],
    // The page at first: what it loads later is not in it.
    [["index.html", "app.js", "chunk.js", "app.css"], 45],
    [["app.css"], 3],
    // With its styles.
    [["later.js"], 22],
    [["embed.js"], 66],
  ];
  it("are all served, but for their maps", async () => {
    const folder = join(repository, "dist/client");
    const { files } = await buildClient();
    const serve = createStaticFiles(folder);
    const server = createServer((request, response) => void serve(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const bundles = files.filter((name) => /\.(?:js|css)$/.test(name));
    for (const name of bundles) {
      const served = await (await fetch(`http://127.0.0.1:${port}/${name}`)).text();
      assert.equal(served, await readFile(join(folder, name), "utf8"));
    }
    assert.ok(bundles.length > 5);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  for (const [names, most] of BUDGETS) {
    it(`keep ${names.join(" and ")} within ${most} KB`, async () => {
      const sizes = await Promise.all(names.map(sizeOf));
      const size = sizes.reduce((sum, one) => sum + one, 0);
      assert.ok(sizes.every((one) => one > 0.5) && size <= most, `${names} have ${size} KB`);
    });
  }
});
