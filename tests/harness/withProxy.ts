import { AMQP_URL, type Open, withBuses } from "../../common/rabbit-mq/busFixture.ts";
import { createTcpProxy, type TcpProxy, type TcpProxyTarget } from "./tcpProxy.ts";

/** What a test with a proxy is given; `proxied` is the URL that goes through it. */
export type Proxied = { open: Open; proxy: TcpProxy; proxied: string };

/** Runs a test with a proxy in front of the broker, which may change what comes from it. */
export const withProxy = async (
  test: (given: Proxied) => Promise<void>,
  { incoming }: Pick<TcpProxyTarget, "incoming"> = {},
): Promise<void> => {
  const { hostname: host, port } = new URL(AMQP_URL);
  const proxy = await createTcpProxy({ port: Number(port || 5672), host, incoming });
  const proxied = new URL(AMQP_URL);
  proxied.host = `127.0.0.1:${proxy.port}`;
  try {
    await withBuses((open) => test({ open, proxy, proxied: proxied.href }));
  } finally {
    await proxy.close();
  }
};
