/**
 * Whether a module is the one the runtime was started with. Both runtimes know it; the type
 * definitions they share do not.
 * @example if (isMain(import.meta)) await run();
 */
export const isMain = ({ main = false }: ImportMeta & { main?: boolean }): boolean => main;
