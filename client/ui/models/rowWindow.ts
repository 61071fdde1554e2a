/** Rows that are drawn beyond the edges, so that a small movement shows no gap. */
const BEYOND = 12;

/** Where a list of rows is scrolled to, in pixels; a `top` beyond the end means the end. */
export type Scroll = { top: number; height: number; rowHeight: number };

/** The first row to be drawn, and the one after the last. */
export const rowWindow = (count: number, { top, height, rowHeight }: Scroll): [number, number] => {
  const visible = Math.ceil(height / rowHeight);
  const at = Math.max(0, Math.min(Math.floor(top / rowHeight), count - visible));
  return [Math.max(0, at - BEYOND), Math.min(count, at + visible + BEYOND)];
};
