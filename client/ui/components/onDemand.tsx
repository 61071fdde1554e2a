import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";

type Later = typeof import("../later.ts");

const createOnDemand = () => {
  let later: Later | undefined;
  const loadLater = async (): Promise<void> => void (later = await import("../later.ts"));

  const onDemand = <Props extends object>(
    pick: (later: Later) => ComponentType<Props>,
  ): ComponentType<Props> =>
  (props: Props) => {
    const [state, setState] = useState<"waiting" | "failed" | "loaded">(
      later ? "loaded" : "waiting",
    );
    useEffect(() => {
      let isWanted = state === "waiting";
      if (!isWanted) return;
      loadLater().then(
        () => isWanted && setState("loaded"),
        () => isWanted && setState("failed"),
      );
      return () => void (isWanted = false);
    }, [state]);
    if (later) {
      const Loaded = pick(later);
      return <Loaded {...props} />;
    }
    if (state !== "failed") return <p class="quiet" role="status">Loading…</p>;
    return (
      <p role="alert">
        This part of the page could not be loaded.{" "}
        <button type="button" onClick={() => setState("waiting")}>Try again</button>
      </p>
    );
  };
  return { loadLater, onDemand };
};

export const {
  /** Loads `later.ts`: from then on what is in it shows at once. */
  loadLater,
  /**
   * A component of `later.ts`, which is loaded when one is first shown; until then it says that it
   * is being loaded, or could not be.
   */
  onDemand,
} = createOnDemand();
