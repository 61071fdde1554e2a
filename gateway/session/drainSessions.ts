import type { Sessions } from "./createSessions.ts";

/** For which part of the time clients keep their connection, though another gateway could relay. */
const HANDOVER_PART = 0.5;
/** How long clients may take to say that they have the last frames, in milliseconds. */
const RECEIPT_MS = 1_000;
const LOOK_MS = 20;

/**
 * Lets every request of a gateway come to its end, for `drainMs` at most. Clients are told to send
 * new ones elsewhere, and are disconnected when they have all answers; after half the time, where
 * another gateway can relay what is still to come. Not at once: a client may know no other address.
 */
export const drainSessions = async (sessions: Sessions, drainMs: number): Promise<void> => {
  const since = performance.now();
  const passed = () => performance.now() - since;
  for (const connection of sessions.connections) connection.leave();
  let answeredAt: number | undefined;
  for (;;) {
    const all = [...sessions.all];
    const canMove = sessions.peers > 0 && passed() > drainMs * HANDOVER_PART;
    for (const session of all) {
      const isConnected = session.state().at === "attached";
      if (isConnected && (session.isEmpty() || canMove)) session.drop("the gateway stops");
    }
    const isAnswered = all.every(({ pending }) => pending() === 0);
    if (isAnswered) answeredAt ??= passed();
    const hasAll = isAnswered && all.every(({ isEmpty }) => isEmpty());
    const isLate = answeredAt !== undefined && passed() - answeredAt > RECEIPT_MS;
    if (hasAll || isLate || passed() > drainMs) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
};
