import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { createLogger } from "../common/logger.ts";
import { createHttpServer, type Readiness } from "./createHttpServer.ts";

describe("createHttpServer", () => {
  const lines: string[] = [];
  let readiness: Readiness = { ready: true };
  let folder: string;
  let origin: string;
  let server: ReturnType<typeof createHttpServer>;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "plugboard-"));
    await writeFile(join(folder, "index.html"), "<h1>Plugboard</h1>");
    for (const name of ["client.js", "embed.js"]) {
      await writeFile(join(folder, name), "export const a = 1;\n".repeat(100));
    }
    await writeFile(join(folder, "secret.txt"), "secret");
    const log = createLogger({ write: (line) => lines.push(line) });
    server = createHttpServer({
      clientDir: folder,
      readiness: () => Promise.resolve(readiness),
      log,
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
  });

  /** The status of a path exactly as it is written, which `fetch` would tidy. */
  const statusOf = (path: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const { hostname, port } = new URL(origin);
      const request = httpRequest({ hostname, port, path, agent: false }, (response) => {
        response.resume();
        response.on("end", () => resolve(response.statusCode));
      });
      request.on("error", reject).end();
    });

  it("is live always, and ready only while a request would be served, saying why not", async () => {
    readiness = { ready: true };
    assert.equal((await fetch(`${origin}/readyz?x=1`)).status, 200);
    readiness = { ready: false, reason: "no worker is online" };
    const response = await fetch(`${origin}/readyz`);
    assert.equal(response.status, 503);
    assert.deepEqual(await response.json(), { status: "not ready", reason: "no worker is online" });
    assert.equal((await fetch(`${origin}/livez`)).status, 200);
  });

  it("serves the page under a policy that lets nothing else in", async () => {
    const response = await fetch(origin);
    assert.equal(await response.text(), "<h1>Plugboard</h1>");
    assert.match(response.headers.get("content-type") ?? "", /^text\/html/);
    const policy = response.headers.get("content-security-policy") ?? "";
    assert.match(policy, /default-src 'none'.*frame-ancestors 'none'/);
    assert.equal(response.headers.get("x-content-type-options"), "nosniff");
    assert.equal(response.headers.get("access-control-allow-origin"), null);
    assert.equal(response.headers.get("cross-origin-resource-policy"), "same-origin");
  });

  it("serves modules to anybody's page, zipped where that is understood", async () => {
    const asked = ["/client.js", "/embed.js"].flatMap((path) =>
      ["gzip", "identity"].map((encoding) => ({ path, encoding }))
    );
    for (const { path, encoding } of asked) {
      const headers = { "accept-encoding": encoding };
      const response = await fetch(origin + path, { headers });
      assert.equal(response.headers.get("cross-origin-resource-policy"), "cross-origin");
      assert.equal(response.headers.get("access-control-allow-origin"), "*");
      assert.match(response.headers.get("content-type") ?? "", /^text\/javascript/);
      assert.equal((await response.text()).length, 2_000);
    }
  });

  it("sends a file again only when it changed", async () => {
    const ask = (etag?: string) =>
      fetch(origin, { headers: etag === undefined ? {} : { "if-none-match": etag } });
    const first = await ask();
    await first.body?.cancel();
    const etag = first.headers.get("etag") ?? "";
    assert.equal((await ask(etag)).status, 304);
    await writeFile(join(folder, "index.html"), "<h1>Another page</h1>");
    const again = await ask(etag);
    assert.deepEqual([again.status, await again.text()], [200, "<h1>Another page</h1>"]);
    await writeFile(join(folder, "index.html"), "<h1>Plugboard</h1>");
  });

  it("answers HEAD with no body, and refuses other methods", async () => {
    const head = await fetch(origin, { method: "HEAD" });
    assert.deepEqual([head.status, await head.text()], [200, ""]);
    const post = await fetch(origin, { method: "POST", body: "x" });
    assert.deepEqual([post.status, post.headers.get("allow")], [405, "GET, HEAD"]);
    await post.body?.cancel();
  });

  const nowhere = ["/secret.txt", "/../secret.txt", "/%2e%2e/secret.txt", "/toString", "//", "//["];
  for (const path of nowhere) {
    it(`has nothing at ${path}, and makes nothing of it`, async () => {
      lines.length = 0;
      assert.equal(await statusOf(path), 404);
      assert.deepEqual(lines, []);
    });
  }

  it("tells of a file that is missing in its log alone", async () => {
    lines.length = 0;
    const response = await fetch(`${origin}/app.css`);
    assert.equal(response.status, 500);
    assert.doesNotMatch(await response.text(), /ENOENT|plugboard-/);
    assert.match(lines.join(), /app\.css/);
  });
});
