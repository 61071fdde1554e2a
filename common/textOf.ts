/** Any value as text: an error's message, else `String`. Never throws, whatever it is given. */
export const textOf = (value: unknown): string => {
  try {
    return value instanceof Error ? String(value.message) : String(value);
  } catch {
    return "(something that cannot be written as text)";
  }
};
