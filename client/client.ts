/**
 * The client modules as one: what `/client.js` serves to anybody's page, and what Deno and Bun
 * programs import.
 * @module
 */
export { BackendError } from "../common/errors.ts";
export { createLoggerService } from "./loggerService.ts";
export { createMakeBackendRequest } from "./makeBackendRequest.ts";
export { createWebsocketClient } from "./websocketClient.ts";
export type { Api } from "../common/plugin/types.ts";
export type { CallOptions } from "../common/request/types.ts";
export type { ConnectionState } from "./connectionState.ts";
export type { LoggerService } from "./loggerService.ts";
export type { BackendRequest, MakeBackendRequest } from "./makeBackendRequest.ts";
export type { WebsocketClient } from "./websocketClient.ts";
