/** What of a browser's storage it needs. */
export type TokenStorage = Pick<Storage, "getItem" | "setItem">;

const KEY = "plugboard token";

/** The token somebody gave on the page, as a gateway wants to be shown it; none where none is kept. */
export const readToken = (storage: () => TokenStorage): { token: string } | undefined => {
  try {
    const token = storage().getItem(KEY);
    return token === null ? undefined : { token };
  } catch {
    return undefined; // The browser allows no storage.
  }
};

/** Keeps it, where the browser allows that. */
export const keepToken = (storage: () => TokenStorage, token: string): void => {
  try {
    storage().setItem(KEY, token);
  } catch {
    // Then it is asked for at the next visit.
  }
};
