import { computed, type ReadonlySignal, signal } from "@preact/signals";

/** What of a browser's window a route needs. */
export type HashSource = {
  readonly location: { readonly hash: string };
  addEventListener(event: "hashchange", listener: () => void): void;
  removeEventListener(event: "hashchange", listener: () => void): void;
};

/** What the address names: `#/type`, or `#/type?input=JSON`. */
export type RouteModel = {
  /** The request type; empty for none. */
  readonly selected: ReadonlySignal<string>;
  /** The JSON of an input for it; empty for none. */
  readonly input: ReadonlySignal<string>;
  dispose(): void;
};

/** The address of a handler within the page, with an input for it as JSON. */
export const routeTo = (type: string, json = ""): string =>
  `#/${encodeURIComponent(type)}${json && `?input=${encodeURIComponent(json)}`}`;

/** Follows the address until `dispose`. */
export const createRouteModel = (source: HashSource): RouteModel => {
  const hash = signal(source.location.hash);
  const onChange = (): void => {
    hash.value = source.location.hash;
  };
  source.addEventListener("hashchange", onChange);
  const parts = computed(() => /^#\/([^?]*)(?:\?input=(.*))?/.exec(hash.value) ?? []);
  return {
    selected: computed(() => decode(parts.value[1])),
    input: computed(() => decode(parts.value[2])),
    dispose: () => source.removeEventListener("hashchange", onChange),
  };
};

const decode = (text = ""): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A lone % is no escape; then it names nothing, and says so.
  }
};
