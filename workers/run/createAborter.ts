/** An `AbortController` that is made when its signal is asked for: most handlers never look at it. */
export const createAborter = () => {
  let controller: AbortController | undefined;
  let aborted: { reason: unknown } | undefined;
  return {
    signal(): AbortSignal {
      controller ??= new AbortController();
      if (aborted) controller.abort(aborted.reason);
      return controller.signal;
    },
    abort(reason: unknown): void {
      aborted ??= { reason };
      controller?.abort(aborted.reason);
    },
  };
};
