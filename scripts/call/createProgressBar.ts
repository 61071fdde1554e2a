/** A line on a terminal that shows how far a request is. */
export type ProgressBar = {
  show(progress: { fraction?: number; message?: string }): void;
  /** Takes it away, before anything else is written. */
  clear(): void;
};

/** What it is drawn on: standard error, as far as this needs it. */
export type Terminal = { columns?: number; write(text: string): unknown };

const CELLS = 24;
const CLEAR_LINE = "\r\x1b[K";

/** Makes a progress bar; nothing is drawn before the first `show`. */
export const createProgressBar = (terminal: Terminal): ProgressBar => {
  let shown = false;
  return {
    show({ fraction, message = "" }) {
      // A line feed or an escape of a plugin's must not move the cursor.
      const text = `${gauge(fraction)} ${message.replace(/\p{Cc}/gu, " ")}`;
      // A line that wraps could not be taken away. Some terminals say 0 for not knowing.
      terminal.write(CLEAR_LINE + text.slice(0, (terminal.columns || 80) - 1).trimEnd());
      shown = true;
    },
    clear() {
      if (shown) terminal.write(CLEAR_LINE);
      shown = false;
    },
  };
};

const gauge = (fraction: number | undefined): string => {
  if (fraction === undefined) return "…";
  const percent = `${Math.floor(fraction * 100)}`.padStart(3);
  return `[${"#".repeat(Math.round(fraction * CELLS)).padEnd(CELLS, "-")}] ${percent}%`;
};
