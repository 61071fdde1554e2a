import process from "node:process";

/** How a command of this product begins with the runtime that runs this. */
export const TASK = process.versions.bun === undefined ? "deno task" : "bun run";
