import { Bytes } from "./Bytes.tsx";
import { Text } from "./Text.tsx";
import { Tree } from "./Tree.tsx";

/** One value by itself. */
export const Value = ({ value, isOpen }: { value: unknown; isOpen?: boolean }) => {
  if (value instanceof Uint8Array) return <Bytes parts={[value]} />;
  if (typeof value === "string") return <pre><Text text={value} /></pre>;
  return <Tree value={value} isOpen={isOpen} />;
};
