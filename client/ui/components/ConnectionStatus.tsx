import type { CatalogModel } from "../models/catalogModel.ts";
import { describeConnection } from "../models/describeConnection.ts";

/** Where the connection stands, and a way on when the gateway refused. */
export const ConnectionStatus = ({ catalog }: { catalog: CatalogModel }) => {
  const connection = catalog.connection.value;
  return (
    <div class="connection" data-at={connection.at}>
      <p role="status" aria-label="Connection">{describeConnection(connection)}</p>
      {connection.at === "refused" && (
        <button type="button" onClick={catalog.connect}>Try again</button>
      )}
    </div>
  );
};
