import { textOf } from "../models/textOf.ts";
import { Bytes } from "./Bytes.tsx";

/** One value by itself. */
export const Value = ({ value }: { value: unknown }) =>
  value instanceof Uint8Array ? <Bytes bytes={value} /> : <pre>{textOf(value)}</pre>;
