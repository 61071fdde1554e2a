import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Somebody's page, which something of ours is to be a part of. */
export type HostPage = { url: string; close(): Promise<void> };

/**
 * Serves a page of another origin, under a policy as strict as ours: what is of the gateway must be
 * allowed by name.
 * @param html its body; `GATEWAY` in it becomes the gateway's address
 */
export const startHostPage = async (
  gateway: () => string,
  { html, css = "" }: { html: string; css?: string },
): Promise<HostPage> => {
  const server = createServer((request, response) => {
    const from = gateway();
    const policy = [
      "default-src 'none'",
      "style-src 'self'",
      `script-src ${from}`,
      `connect-src ${from} ${from.replace("http", "ws")}`,
      "img-src 'self' data:",
      "require-trusted-types-for 'script'",
    ];
    const isStyle = request.url === "/style.css";
    response.setHeader("content-type", isStyle ? "text/css" : "text/html; charset=utf-8");
    response.setHeader("content-security-policy", policy.join("; "));
    response.setHeader("cross-origin-embedder-policy", "require-corp");
    response.end(
      isStyle ? css : `<!doctype html><html lang="en"><title>Host</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/style.css">
<script type="module" src="${from}/embed.js"></script>
<body>${html.replaceAll("GATEWAY", from)}</body></html>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
};
