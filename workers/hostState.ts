/** Crashes within this time count together, in milliseconds. */
export const CRASH_WINDOW_MS = 60_000;
/** So many of them, and the plugin is put out of use for a while. */
export const MAX_CRASHES = 5;
/** How long it is out of use, in milliseconds. */
export const BENCH_MS = 60_000;

const FIRST_DELAY_MS = 100;
const MAX_DELAY_MS = 5_000;

/** Where the process of one plugin file stands. `crashes`: when it crashed, newest last. */
export type HostState =
  | { at: "starting"; crashes: number[] }
  | { at: "serving"; crashes: number[] }
  /** It crashed and is started again after `delayMs`. */
  | { at: "restarting"; crashes: number[]; delayMs: number }
  /** It kept crashing; it is tried again after `delayMs`. */
  | { at: "benched"; crashes: number[]; delayMs: number }
  /** Its file is wrong: nothing will change until the file does. */
  | { at: "broken"; crashes: number[] }
  | { at: "closed" };

/** What can happen to it. */
export type HostEvent =
  | { on: "forked" }
  | { on: "serving" }
  | { on: "broken" }
  | { on: "crashed"; now: number }
  | { on: "close" };

/** The next state; what means nothing where it stands changes nothing. */
export const transition = (state: HostState, event: HostEvent): HostState => {
  if (state.at === "closed" || event.on === "close") return { at: "closed" };
  const { crashes } = state;
  switch (event.on) {
    case "forked":
      return { at: "starting", crashes };
    case "serving":
      return state.at === "starting" ? { at: "serving", crashes } : state;
    case "broken":
      return state.at === "starting" ? { at: "broken", crashes } : state;
    case "crashed":
      return state.at === "starting" || state.at === "serving"
        ? afterCrash(crashes, event.now)
        : state;
  }
};

const afterCrash = (earlier: number[], now: number): HostState => {
  const crashes = [...earlier.filter((time) => now - time < CRASH_WINDOW_MS), now];
  // After the bench one crash is enough to be benched again, until it has been steady for a while.
  if (crashes.length >= MAX_CRASHES) return { at: "benched", crashes, delayMs: BENCH_MS };
  const delayMs = Math.min(FIRST_DELAY_MS * 2 ** (crashes.length - 1), MAX_DELAY_MS);
  return { at: "restarting", crashes, delayMs };
};
