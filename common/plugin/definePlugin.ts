import type { AnyHandler, Plugin } from "./types.ts";

/**
 * Declares a plugin; it is what a file in the plugins folder exports as its default.
 * It only gives the object its type: what is wrong with it is reported when the folder is scanned.
 * @example
 * export default definePlugin({ name: "math", handlers: { add: handler({ … }) } });
 */
export const definePlugin = <
  const Name extends string,
  Handlers extends Record<string, AnyHandler>,
>(plugin: Plugin<Name, Handlers>): Plugin<Name, Handlers> => plugin;
