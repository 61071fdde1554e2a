/**
 * Collects what is said within one tick and hands it on as one array, so that a busy sender makes
 * few packets while a lone message leaves as soon as the current task is done.
 * @example const send = createBatcher((messages) => socket.emit("messages", messages));
 */
export const createBatcher = <Item>(flush: (items: Item[]) => void): (item: Item) => void => {
  let items: Item[] = [];
  return (item) => {
    items.push(item);
    if (items.length > 1) return;
    queueMicrotask(() => {
      const batch = items;
      items = [];
      flush(batch);
    });
  };
};
