import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Logger } from "../common/logger.ts";
import { createStaticFiles } from "./createStaticFiles.ts";

/** Whether a request would really be served now, and if not, why. */
export type Readiness = { ready: true } | { ready: false; reason: string };

/** Options of `createHttpServer`. */
export type HttpServerOptions = {
  /** The folder of the built client. */
  clientDir: string;
  readiness(): Promise<Readiness>;
  log: Logger;
};

/**
 * Makes the server of the page, `/client.js`, `/embed.js`, `/livez` (200 while the process answers)
 * and `/readyz` (200 only when a request would be served, else 503 with the reason). Socket.IO attaches to it.
 */
export const createHttpServer = ({ clientDir, readiness, log }: HttpServerOptions): Server => {
  const serveFile = createStaticFiles(clientDir);

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== "GET" && request.method !== "HEAD") {
      return json(response.setHeader("allow", "GET, HEAD"), 405, { error: "Only GET and HEAD." });
    }
    const path = request.url?.split("?")[0] ?? "/";
    if (path === "/livez") return json(response, 200, { status: "live" });
    if (path === "/readyz") {
      const state = await readiness();
      if (state.ready) return json(response, 200, { status: "ready" });
      return json(response, 503, { status: "not ready", reason: state.reason });
    }
    if (await serveFile(request, response)) return;
    json(response, 404, { error: `There is nothing at ${path}.` });
  };

  return createServer((request, response) => {
    answer(request, response).catch((error) => {
      log.error("An HTTP request failed.", { url: request.url, error });
      if (!response.headersSent) json(response, 500, { error: "The gateway's log says more." });
    });
  });
};

const json = (response: ServerResponse, status: number, body: unknown): void => {
  const headers = { "content-type": "application/json", "cache-control": "no-store" };
  response.writeHead(status, headers).end(JSON.stringify(body) + "\n");
};
