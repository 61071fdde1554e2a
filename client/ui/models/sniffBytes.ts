/** What bytes are, by how they begin: an image's type, or nothing that is known. */
export type Sniffed = { type: string; extension: string; isImage: boolean };

const UNKNOWN: Sniffed = { type: "application/octet-stream", extension: "bin", isImage: false };

/** How a file begins, a character for each byte; a dot is any byte. */
const BEGINNINGS: [RegExp, string][] = [
  [/^.PNG\r\n/, "png"],
  [/^\xff\xd8\xff/, "jpeg"],
  [/^GIF8[79]a/, "gif"],
  [/^RIFF[^]{4}WEBP/, "webp"],
  [/^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^]*?-->\s*)?<svg[\s>]/, "svg"],
];

/** Finds out what bytes are. */
export const sniffBytes = (bytes: Uint8Array): Sniffed => {
  const start = String.fromCharCode(...bytes.subarray(0, 512));
  const extension = BEGINNINGS.find(([pattern]) => pattern.test(start))?.[1];
  if (extension === undefined) return UNKNOWN;
  const type = `image/${extension === "svg" ? "svg+xml" : extension}`;
  return { type, extension, isImage: true };
};
