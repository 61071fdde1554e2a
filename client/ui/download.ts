/** Until then the browser has begun to read it, in milliseconds. */
const READ_MS = 10_000;

/** Has the browser save a file. */
export const download = (
  name: string,
  { parts, type }: { parts: readonly (string | Uint8Array)[]; type: string },
): void => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blobOf(parts, type));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), READ_MS);
};

/** Parts as one file. */
export const blobOf = (parts: readonly (string | Uint8Array)[], type: string): Blob =>
  // The bytes came over a socket: none of them is of shared memory, which alone could not be.
  new Blob([...parts] as BlobPart[], { type });
