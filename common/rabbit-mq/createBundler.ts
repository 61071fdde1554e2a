import { MAX_TOGETHER } from "../bus/togetherOf.ts";
import { createDeparture } from "../createDeparture.ts";
import { MAX_BODY_BYTES, roughSize } from "./roughSize.ts";

/** Collects what shares a message. */
export type Bundler<Item> = {
  /** `onConfirmed` is called once, when the broker has the item; such an item is never dropped. */
  send(key: string, item: Item, onConfirmed?: () => void): void;
};

/** What leaves together; `onConfirmed` where somebody waits for the broker to have it. */
type OnBundle<Item> = (key: string, items: Item[], onConfirmed?: () => void) => void;

type Bundle<Item> = { items: Item[]; listeners: (() => void)[]; bytes: number };

/**
 * Makes a bundler. What leaves for one key at the same time (`createDeparture`) shares a message, up
 * to 256 items or about 256 KiB: under load a tick answers many requests, and each message costs
 * both processes and the broker far more than an item in it. There is no timer, and nothing waits
 * for an earlier message: a lone item leaves at once.
 */
export const createBundler = <Item>(onBundle: OnBundle<Item>): Bundler<Item> => {
  const bundles = new Map<string, Bundle<Item>>();

  const leave = (key: string): void => {
    const { items, listeners } = bundles.get(key)!;
    bundles.delete(key);
    const onConfirmed = (): void => {
      for (const listener of listeners) listener();
    };
    onBundle(key, items, listeners.length > 0 ? onConfirmed : undefined);
  };

  const departs = createDeparture(() => {
    for (const key of [...bundles.keys()]) leave(key);
  }, { atEndOfTick: setImmediate });

  const open = (key: string): Bundle<Item> => {
    const bundle: Bundle<Item> = { items: [], listeners: [], bytes: 0 };
    bundles.set(key, bundle);
    return bundle;
  };

  return {
    send(key, item, onConfirmed) {
      const bytes = roughSize(item);
      const before = bundles.get(key);
      if (before && before.bytes + bytes > MAX_BODY_BYTES) leave(key);
      const bundle = bundles.get(key) ?? open(key);
      bundle.items.push(item);
      bundle.bytes += bytes;
      if (onConfirmed) bundle.listeners.push(onConfirmed);
      departs();
      if (bundle.items.length >= MAX_TOGETHER || bundle.bytes >= MAX_BODY_BYTES) leave(key);
    },
  };
};
