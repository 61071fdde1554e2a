import { useEffect, useMemo, useState } from "preact/hooks";
import { blobOf, download } from "../download.ts";
import { formatBytes } from "../models/formatBytes.ts";
import { sniffBytes } from "../models/sniffBytes.ts";

/** Bytes: the picture they are, or how many, and a way to keep them. */
export const Bytes = ({ parts }: { parts: readonly Uint8Array[] }) => {
  const [url, setUrl] = useState<string>();
  const size = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const { type, extension, isImage } = useMemo(() => sniffBytes(parts[0]!), [parts[0]]);
  useEffect(() => {
    if (!isImage) return;
    const made = URL.createObjectURL(blobOf(parts, type));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [parts[0], size]);
  return (
    <figure class="bytes">
      {url && <img src={url} alt={`A picture, ${extension}, ${formatBytes(size)}`} />}
      <figcaption>
        {isImage && `${extension}, `}
        {formatBytes(size)}{" "}
        <button
          type="button"
          class="link"
          onClick={() => download(`output.${extension}`, { parts, type })}
        >
          Download
        </button>
      </figcaption>
    </figure>
  );
};
