import { computed, type ReadonlySignal, signal } from "@preact/signals";

/** What of a browser's window a route needs. */
export type HashSource = {
  readonly location: { hash: string };
  addEventListener(event: "hashchange", listener: () => void): void;
  removeEventListener(event: "hashchange", listener: () => void): void;
};

/** What the address names: `#/type`, `#/type?input=JSON`, or `#/view`. */
export type RouteModel = {
  /** A request type, or the name of a view, which has no dot; empty for none. */
  readonly selected: ReadonlySignal<string>;
  /** The JSON of an input for it; empty for none. */
  readonly input: ReadonlySignal<string>;
  /** Whether somebody went to where this is now, rather than having begun there. */
  hasMoved(): boolean;
  /** Goes to an address that `routeTo` made. */
  go(hash: string): void;
  dispose(): void;
};

/** The address of a handler or view within the page, with an input for it as JSON. */
export const routeTo = (name: string, json = ""): string =>
  `#/${encodeURIComponent(name)}${json && `?input=${encodeURIComponent(json)}`}`;

/** Follows the address until `dispose`. */
export const createRouteModel = (source: HashSource): RouteModel => {
  const hash = signal(source.location.hash);
  let moved = false;
  const onChange = (): void => {
    moved = true;
    hash.value = source.location.hash;
  };
  source.addEventListener("hashchange", onChange);
  const parts = computed(() => /^#\/([^?]*)(?:\?input=(.*))?/.exec(hash.value) ?? []);
  return {
    selected: computed(() => decode(parts.value[1])),
    input: computed(() => decode(parts.value[2])),
    hasMoved: () => moved,
    go(to) {
      source.location.hash = to;
    },
    dispose: () => source.removeEventListener("hashchange", onChange),
  };
};

/** An address of its own, for a page within another, whose address is not ours to change. */
export const createOwnHash = (): HashSource => {
  const events = new EventTarget();
  let hash = "";
  return {
    location: {
      get hash() {
        return hash;
      },
      set hash(next) {
        hash = next;
        events.dispatchEvent(new Event("hashchange"));
      },
    },
    addEventListener: events.addEventListener.bind(events),
    removeEventListener: events.removeEventListener.bind(events),
  };
};

const decode = (text = ""): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A lone % is no escape; then it names nothing, and says so.
  }
};
