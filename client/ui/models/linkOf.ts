/** The address a text is, as a whole; only http and https, so that a click runs no script. */
export const linkOf = (text: string): string | undefined =>
  /^https?:\/\/\S{1,2000}$/i.test(text) && URL.canParse(text) ? text : undefined;
