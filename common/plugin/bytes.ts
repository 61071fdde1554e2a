import * as v from "valibot";

/**
 * The schema of bytes: a `Uint8Array`, which travels as binary on every leg and gets a file field
 * in the page. The same as `v.instance(Uint8Array)`, in a word.
 */
export const bytes = (): v.InstanceSchema<typeof Uint8Array, undefined> => v.instance(Uint8Array);
