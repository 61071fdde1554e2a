import { useEffect, useState } from "preact/hooks";
import { formatBytes } from "../models/formatBytes.ts";

/** Bytes: how many, and a way to keep them. */
export const Bytes = ({ bytes }: { bytes: Uint8Array }) => {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([new Uint8Array(bytes)]));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [bytes]);
  return (
    <p>
      {formatBytes(bytes.byteLength)} <a href={url} download="output.bin">Download</a>
    </p>
  );
};
