/**
 * The plugin API: what a plugin file imports as `plugboard`.
 * @module
 */
export { bytes } from "./bytes.ts";
export { definePlugin } from "./definePlugin.ts";
export { handler } from "./handler.ts";
export { RequestError } from "../errors.ts";
export type { Api, HandlerContext, Plugin, PluginLog } from "./types.ts";
