/** Bytes as text, so that they can be pasted. */
export const bytesToBase64 = (parts: readonly Uint8Array[]): string => {
  let binary = "";
  for (const part of parts) {
    // In pieces: a call takes only so many arguments.
    for (let at = 0; at < part.length; at += 8_192) {
      binary += String.fromCharCode(...part.subarray(at, at + 8_192));
    }
  }
  return btoa(binary);
};
