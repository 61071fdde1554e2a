/** What of Engine.IO's socket is used here. */
type EngineSocket = {
  on(event: "packetCreate" | "flush" | "drain", listener: (packet?: unknown) => void): unknown;
};

/**
 * Calls `onOver` once when more than `most` bytes wait for a client that does not read. What a client
 * says that it has got proves nothing here: only that the bytes have left this process does.
 */
export const limitBacklog = (
  socket: EngineSocket,
  { most, onOver }: { most: number; onOver(bytes: number): void },
): void => {
  /** Not given to the transport yet, and given to it but not gone. */
  let waiting = 0;
  let leaving = 0;
  let isOver = false;
  socket.on("packetCreate", (packet) => {
    waiting += sizeOf(packet);
    if (isOver || waiting + leaving <= most) return;
    isOver = true;
    onOver(waiting + leaving);
  });
  socket.on("flush", () => {
    leaving += waiting;
    waiting = 0;
  });
  socket.on("drain", () => leaving = 0);
};

const sizeOf = (packet: unknown): number => {
  const { data } = packet as { data?: string | Uint8Array };
  return typeof data === "string" ? data.length : data?.byteLength ?? 0;
};
