/**
 * Collects what is said within one tick and hands it on as one array, so that a busy sender makes
 * few packets while a lone message leaves as soon as the current work is done. Servers pass
 * `setImmediate` as the end of a tick, so that a generator's next chunks come along; browsers have
 * only the microtask.
 * @example const send = createBatcher((messages) => socket.emit("messages", messages));
 */
export const createBatcher = <Item>(
  flush: (items: Item[]) => void,
  { atEndOfTick = queueMicrotask as (task: () => void) => unknown } = {},
): (item: Item) => void => {
  let items: Item[] = [];
  const send = (): void => {
    const batch = items;
    items = [];
    flush(batch);
  };
  return (item) => {
    if (items.push(item) === 1) atEndOfTick(send);
  };
};
