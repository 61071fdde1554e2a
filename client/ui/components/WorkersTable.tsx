import type { Catalog } from "../../../common/schemas/catalog.ts";

/** The workers that are online, and what each serves. */
export const WorkersTable = ({ workers }: { workers: Catalog["workers"] | undefined }) => {
  if (!workers) return <p class="quiet">Waiting for the list of workers…</p>;
  return (
    <section aria-label="Workers">
      <h3>{workers.length === 1 ? "1 worker" : `${workers.length} workers`} online</h3>
      {workers.length === 0
        ? <p>Requests wait until one comes, as long as their time lasts.</p>
        : (
          <div class="scroller" tabIndex={0} role="region" aria-label="Workers, table">
            <table>
              <thead>
                <tr>
                  <th scope="col">Worker</th>
                  <th scope="col">Serves</th>
                </tr>
              </thead>
              <tbody>
                {workers.map(({ id, types, starting }) => (
                  <tr key={id}>
                    <th scope="row">
                      <code>{id}</code> {starting && <small>starting</small>}
                    </th>
                    <td>{servedText(types)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
    </section>
  );
};

/** `math: add, primes; text: stats`. */
const servedText = (types: string[]): string => {
  const byPlugin = Map.groupBy(types, (type) => type.slice(0, type.indexOf(".")));
  const parts = [...byPlugin].map(([plugin, its]) =>
    `${plugin}: ${its.map((type) => type.slice(plugin.length + 1)).join(", ")}`
  );
  return parts.join("; ") || "nothing yet";
};
