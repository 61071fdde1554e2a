/** How a choice is written in a list: text in quotes only where it could not be seen. */
export const optionText = (option: unknown): string =>
  typeof option === "string" && /^\S+( \S+)*$/.test(option) ? option : JSON.stringify(option);
