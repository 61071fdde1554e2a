import assert from "node:assert/strict";
import { BackendError } from "../../client/client.ts";

/** The failure a request rejects with; it fails the test when there is none. */
export const failureOf = async (request: PromiseLike<unknown>): Promise<BackendError> => {
  const error = await Promise.resolve(request).then(() => undefined, (thrown) => thrown);
  assert.ok(error instanceof BackendError, `it rejected with ${error}`);
  return error;
};
