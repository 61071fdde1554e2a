/** Makes a count by name, which forgets names of which there is nothing. */
export const createTally = () => {
  const counts = new Map<string, number>();
  const count = (name: string): number => counts.get(name) ?? 0;
  const add = (name: string, n: number): void => {
    const sum = count(name) + n;
    if (sum > 0) counts.set(name, sum);
    else counts.delete(name);
  };
  return { count, add };
};
