import { type ReadonlySignal, signal } from "@preact/signals";

/** What of a browser's window a route needs. */
export type HashSource = {
  readonly location: { readonly hash: string };
  addEventListener(event: "hashchange", listener: () => void): void;
  removeEventListener(event: "hashchange", listener: () => void): void;
};

/** The request type that the address names after `#/`; empty for none. */
export type RouteModel = { readonly selected: ReadonlySignal<string>; dispose(): void };

/** The address of a handler within the page. */
export const routeTo = (type: string): string => `#/${encodeURIComponent(type)}`;

/** Follows the address until `dispose`. */
export const createRouteModel = (source: HashSource): RouteModel => {
  const selected = signal(typeOf(source.location.hash));
  const onChange = (): void => {
    selected.value = typeOf(source.location.hash);
  };
  source.addEventListener("hashchange", onChange);
  return { selected, dispose: () => source.removeEventListener("hashchange", onChange) };
};

const typeOf = (hash: string): string => {
  if (!hash.startsWith("#/")) return "";
  try {
    return decodeURIComponent(hash.slice(2));
  } catch {
    return hash.slice(2); // A lone % is no escape; then it names nothing, and says so.
  }
};
