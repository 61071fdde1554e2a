import process from "node:process";
import * as v from "valibot";
import { createIpcLink } from "../../../common/embedded/ipcLink.ts";
import { measure } from "../../../common/payload.ts";
import { BusRequest } from "../../../common/schemas/busMessages.ts";

const Input = v.object({ a: v.number(), b: v.number() });
const Output = v.number();

// What "careful echo" runs in a process of its own.
const link = createIpcLink(process);
link.open({
  onOp(op) {
    const { id, payload } = v.parse(BusRequest, op);
    const { a, b } = v.parse(Input, payload);
    const data = v.parse(Output, a + b);
    if ("code" in measure(data)) throw new Error("An answer cannot be sent.");
    link.send({ kind: "end", id, seq: 0, data });
  },
  onClose: () => process.exit(0),
});
