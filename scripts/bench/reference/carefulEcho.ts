import { fork } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import { createBatcher } from "../../../common/createBatcher.ts";
import { createDeadlines, type Deadline } from "../../../common/createDeadlines.ts";
import { createIpcLink } from "../../../common/embedded/ipcLink.ts";
import { createReceipts } from "../../../gateway/session/createReceipts.ts";
import { measure } from "../../../common/payload.ts";
import { BusRequest } from "../../../common/schemas/busMessages.ts";
import { ClientMessage } from "../../../common/schemas/clientMessages.ts";
import { Frame } from "../../../common/schemas/frames.ts";
import { listen } from "./listen.ts";

type Entry = { id: string; frame?: Frame; deadline: Deadline; answer(frame: Frame): void };

// The gateway of "careful echo": what is said in one tick goes together on every leg, all of it is
// parsed, and of each request it is known who asked, until when, and what its client may lack.
const plugin = createIpcLink(
  fork(fileURLToPath(new URL("./carefulEchoPlugin.ts", import.meta.url)), [], {
    serialization: "advanced",
  }),
);
const entries = new Map<string, Entry>();
const deadlines = createDeadlines();
plugin.open({
  onOp(op) {
    const frame = v.parse(Frame, op);
    const entry = entries.get(frame.id);
    if (!entry) return;
    deadlines.remove(entry.deadline);
    entry.frame = { ...frame, id: entry.id };
    entry.answer(entry.frame);
  },
  onClose: () => process.exit(1),
});

const { io, ready } = listen();
let clients = 0;
io.on("connection", (socket) => {
  const name = `${++clients}`;
  const receipts = createReceipts();
  const send = createBatcher((frames: Frame[]) => socket.emit("frames", frames), {
    atEndOfTick: setImmediate,
  });
  const answer = (frame: Frame): void => {
    receipts.add(frame.id, 0);
    send(frame);
  };
  const start = ({ id, type, payload }: ClientMessage & { kind: "request" }): void => {
    const busId = `${name}:${id}`;
    if (entries.has(busId)) throw new Error("An id came twice.");
    if ("code" in measure(payload)) throw new Error("A payload cannot be sent.");
    const timeoutMs = 30_000;
    const deadline = deadlines.add(timeoutMs, () => process.exit(1));
    entries.set(busId, { id, deadline, answer });
    const request: BusRequest = { id: busId, type, payload, timeoutMs, credit: 1, attempt: 1 };
    plugin.send(request);
  };
  socket.on("messages", (messages: unknown[]) => {
    for (const message of messages) {
      const said = v.parse(ClientMessage, message);
      if (said.kind === "request") start(said);
      if (said.kind !== "received") continue;
      for (const { id } of receipts.take(said)) entries.delete(`${name}:${id}`);
    }
  });
});
await ready();
