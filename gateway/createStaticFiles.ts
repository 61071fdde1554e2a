import { readFile, stat } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

/** What the gateway serves, by path: the built file and its type. Nothing else can be reached. */
const FILES: Record<string, { file: string; type: string; shared?: true }> = {
  "/": { file: "index.html", type: "text/html; charset=utf-8" },
  "/app.js": { file: "app.js", type: "text/javascript; charset=utf-8" },
  "/app.css": { file: "app.css", type: "text/css; charset=utf-8" },
  "/chunk.js": { file: "chunk.js", type: "text/javascript; charset=utf-8" },
  "/later.js": { file: "later.js", type: "text/javascript; charset=utf-8" },
  // Anybody's page may load these; whether it may connect is decided by its origin.
  "/client.js": { file: "client.js", type: "text/javascript; charset=utf-8", shared: true },
  "/embed.js": { file: "embed.js", type: "text/javascript; charset=utf-8", shared: true },
  "/chart.js": { file: "chart.js", type: "text/javascript; charset=utf-8", shared: true },
};

/** The page needs nothing from elsewhere, and nobody may frame it. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data: blob:",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

type Cached = { etag: string; plain: Uint8Array; zipped: Uint8Array };

/** Serves the built client from a folder. Resolves to false when the path is none of its files. */
export const createStaticFiles = (folder: string) => {
  const cache = new Map<string, Cached>();

  const load = async (file: string): Promise<Cached> => {
    const path = join(folder, file);
    const { mtimeMs, size } = await stat(path);
    const etag = `"${Math.round(mtimeMs).toString(36)}-${size.toString(36)}"`;
    const cached = cache.get(file);
    if (cached?.etag === etag) return cached;
    const plain = await readFile(path);
    const fresh = { etag, plain, zipped: await promisify(gzip)(plain) };
    cache.set(file, fresh);
    return fresh;
  };

  return async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const path = request.url?.split("?")[0] ?? "/";
    const known = Object.hasOwn(FILES, path) ? FILES[path] : undefined;
    if (!known) return false;
    const { etag, plain, zipped } = await load(known.file);
    response.setHeader("content-type", known.type);
    response.setHeader("content-security-policy", PAGE_POLICY);
    response.setHeader("x-content-type-options", "nosniff");
    response.setHeader("referrer-policy", "no-referrer");
    response.setHeader("cache-control", "no-cache");
    response.setHeader("etag", etag);
    response.setHeader("vary", "accept-encoding");
    // Modules are asked for with CORS; the other header is for pages that preload them without.
    if (known.shared) response.setHeader("access-control-allow-origin", "*");
    response.setHeader(
      "cross-origin-resource-policy",
      known.shared ? "cross-origin" : "same-origin",
    );
    if (request.headers["if-none-match"] === etag) {
      response.writeHead(304).end();
      return true;
    }
    const accepts = /\bgzip\b/.test(String(request.headers["accept-encoding"] ?? ""));
    if (accepts) response.setHeader("content-encoding", "gzip");
    const body = accepts ? zipped : plain;
    response.setHeader("content-length", body.byteLength);
    response.writeHead(200).end(request.method === "HEAD" ? undefined : body);
    return true;
  };
};
