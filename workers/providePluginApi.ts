/**
 * Lets plugin files anywhere on the disk import `plugboard` and `valibot`. Deno's import map does
 * that by itself; Bun resolves bare names from the importing file's own folder, so there the two
 * modules are given by name. This is the one file that knows a runtime's own global.
 */
export const providePluginApi = async (): Promise<void> => {
  const { Bun } = globalThis as { Bun?: BunLike };
  if (!Bun) return;
  const modules: Record<string, object> = {
    plugboard: await import("../common/plugin/plugboard.ts"),
    valibot: await import("valibot"),
  };
  Bun.plugin({
    name: "plugboard",
    setup(build) {
      for (const [name, exports] of Object.entries(modules)) {
        build.module(name, () => ({ exports, loader: "object" }));
      }
    },
  });
};

type Build = { module(name: string, load: () => { exports: object; loader: "object" }): void };
type BunLike = { plugin(options: { name: string; setup(build: Build): void }): void };
