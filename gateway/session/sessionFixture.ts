/** What the tests of this folder share: callers and peers that are in a test's hands. */
import type { Caller } from "../../common/bus/createCaller.ts";
import type { Bus } from "../../common/bus/port.ts";
import { createId } from "../../common/ids.ts";
import type { BusRequest } from "../../common/schemas/busMessages.ts";
import { type Frame, isTerminal } from "../../common/schemas/frames.ts";
import type { PeerMessage } from "../../common/schemas/peerMessages.ts";
import type { ConnectionDeps } from "./createConnection.ts";

/** A call as the test sees it. */
export type FakeCall = {
  request: BusRequest;
  /** Who takes turns with others for it. */
  from?: string;
  /** Hands it a frame, as a worker would; nothing comes through after its outcome. */
  take(frame: Frame): void;
  /** What was said to whoever runs it: reasons of cancels, and credit. */
  told: unknown[];
  isOver: boolean;
};

/** A caller whose calls the test feeds with frames. */
export const createFakeCaller = ({ pending = 0 } = {}) => {
  const calls: FakeCall[] = [];
  const stopped: string[] = [];
  const caller: Caller = {
    pending,
    start(request, onFrame, { from } = {}) {
      const call: FakeCall = {
        ...{ request, from },
        told: [],
        isOver: false,
        take(frame) {
          if (call.isOver) return;
          call.isOver = isTerminal(frame);
          onFrame(frame);
        },
      };
      calls.push(call);
      return {
        cancel(reason) {
          if (call.isOver) return;
          call.told.push(reason);
          const { id } = request;
          call.take({ kind: "error", id, code: "CANCELLED", message: reason, retryable: false });
        },
        grant: (n) => void (call.isOver || call.told.push(n)),
      };
    },
    held: () => 0,
    stop: ({ id }) => void stopped.push(id),
    close: () => Promise.resolve(),
  };
  return { caller, calls, stopped };
};

const nothing = () => () => {};
/** For connections of which a test watches nothing. */
export const unwatched: Pick<ConnectionDeps, "topics" | "onRefused"> = {
  topics: { catalog: nothing, status: nothing, records: nothing },
  onRefused() {},
};

/** Hands a message to one gateway when the test lets it arrive. */
export type Carry = (message: PeerMessage, way: { from: string; to: string }) => void;

/**
 * Joins gateways in memory, with nothing else on their buses. What one says goes through `carry`,
 * which calls `arrive` at once or later; unless told, at once.
 */
export const createPeerNet = (carry?: Carry) => {
  const members = new Map<string, (message: PeerMessage) => void>();
  const said: { message: PeerMessage; to?: string }[] = [];
  const arrive = (message: PeerMessage, to: string): void => members.get(to)?.(message);
  const pass: Carry = carry ?? ((message, { to }) => arrive(message, to));
  const unused = () => Promise.reject(new Error("not used"));

  /** The bus of one more gateway; the others answer at once unless told otherwise. */
  const createBus = (id = createId(), { answerMs = 0 } = {}): Bus => ({
    state: "ready",
    hasConsumer: unused,
    queueDepths: unused,
    openRequester: unused,
    openResponder: unused,
    openPeer({ onMessage }) {
      members.set(id, onMessage);
      return Promise.resolve({
        id,
        answerMs,
        tell(message, to) {
          said.push(to === undefined ? { message } : { message, to });
          const all = to === undefined ? [...members.keys()] : [to];
          for (const other of all) if (other !== id) pass(message, { from: id, to: other });
        },
        close: () => Promise.resolve(void members.delete(id)),
      });
    },
    watchAnnouncements: unused,
    close: () => Promise.resolve(),
  });
  return { createBus, arrive, said };
};
