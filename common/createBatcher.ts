import { createDeparture, type EndOfTick } from "./createDeparture.ts";

/**
 * Collects what is said within one tick and hands it on as one array, so that a busy sender makes
 * few packets while a lone message leaves as soon as the current work is done (`createDeparture`).
 * Servers pass `setImmediate` as the end of a tick.
 * @example const send = createBatcher((messages) => socket.emit("messages", messages));
 */
export const createBatcher = <Item>(
  flush: (items: Item[]) => void,
  { atEndOfTick = queueMicrotask as EndOfTick } = {},
): (item: Item) => void => {
  let items: Item[] = [];
  const departs = createDeparture(() => {
    if (items.length === 0) return;
    const batch = items;
    items = [];
    flush(batch);
  }, { atEndOfTick });
  return (item) => {
    items.push(item);
    departs();
  };
};
