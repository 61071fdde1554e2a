import { fileURLToPath } from "node:url";
import { createWebsocketClient } from "../../client/client.ts";
import type { RabbitMqNode } from "../../scripts/provision/rabbitMqNode.ts";
import { readyz } from "../harness/startProcess.ts";
import type { Engine } from "../harness/startSystem.ts";
import type { ByteFilter } from "../harness/amqpFilter.ts";
import { createTcpBalancer, type TcpBalancer } from "../harness/tcpBalancer.ts";
import { createTcpProxy, type TcpProxy } from "../harness/tcpProxy.ts";
import { until } from "../harness/until.ts";
import { createLedger, type Ledger, type LedgerClient } from "./ledger.ts";
import { type Part, startPart } from "./part.ts";

/** What a scenario asks for. */
export type SystemOptions = {
  /** How many of each, with RabbitMQ between them. Default 1 and 2; embedded it is one process. */
  gateways?: number;
  workers?: number;
  /** Whether clients reach the gateways through a balancer. Default: where there are several. */
  balanced?: boolean;
  /** The legs that get a proxy between their ends. */
  proxies?: readonly Leg[];
  /** Seconds between two signs of life on the AMQP legs. Default: the product's own. */
  heartbeatS?: number;
  /** Makes what the bytes from our processes to the broker go through, for each connection. */
  outgoing?: () => ByteFilter;
  /** The same for what comes back, by leg. */
  incoming?(leg: Leg): (() => ByteFilter) | undefined;
  /** How far the wall clocks of gateways and of workers are off, in milliseconds. */
  clockMs?: { gateway: number; worker: number };
  /** Beside the usual variables of the processes. */
  env?: Record<string, string>;
};

/** A connection that can be hurt; `worker` is that of the first worker alone. */
export type Leg = "browser" | "gateway" | "worker";

/** Gateways and workers of one scenario, in processes of their own. */
export type FaultSystem = {
  readonly gateways: Part[];
  readonly workers: Part[];
  /** Every part that was ever started. */
  readonly parts: readonly Part[];
  /** @throws Error when it was not asked for */
  proxy(leg: Leg): TcpProxy;
  /** Adds one and waits until it serves. */
  startGateway(): Promise<Part>;
  startWorker(): Promise<Part>;
  /** Breaks every connection of a client to a gateway, at the balancer. */
  cutClients(): void;
  /** Takes a gateway out of the balancer; present connections stay. */
  retire(gateway: Part): void;
  /** A new connection, through the proxy or balancer where there is one. */
  connect(): LedgerClient;
  /** The processes that run the plugin `steady` now, and whose they are. */
  steadyHosts(): Promise<{ part: Part; pid: number }[]>;
  /** The same by asking every gateway, so that it shows who answers. */
  workerPids(): Promise<number[]>;
  /** Ends all that still runs; gives the name of each part that did not stop as it should. */
  stop(): Promise<string[]>;
};

/** What the runner gives. */
export type SystemDeps = {
  engine: Engine;
  broker?: RabbitMqNode;
  ledger: Ledger;
  /** The file that handlers record their starts in. */
  recordFile: string;
};

/** Enough for every worker to get some. */
const PINGS = 40;
/** Plugins read it too: their processes are not started by us. */
const CLOCK = "tests/faults/plugins/_clock.ts";
const PLUGINS_DIR = fileURLToPath(new URL("./plugins", import.meta.url));

/** Starts gateways and workers and waits until they serve. */
export const startFaultSystem = async (
  { engine, broker, ledger, recordFile }: SystemDeps,
  options: SystemOptions,
): Promise<FaultSystem> => {
  const { gateways: gatewayCount = 1, workers: workerCount = 2, proxies = [] } = options;
  const gateways: Part[] = [];
  const workers: Part[] = [];
  const parts: Part[] = [];
  const made = new Map<Leg, TcpProxy>();
  const clients: LedgerClient[] = [];
  let started = 0;
  let balancer: TcpBalancer | undefined;

  const urlThrough = async (leg: Leg): Promise<string | undefined> => {
    if (!broker) return undefined;
    const url = new URL(broker.url);
    if (options.heartbeatS) url.searchParams.set("heartbeat", String(options.heartbeatS));
    if (proxies.includes(leg) && !made.has(leg)) {
      const proxy = await createTcpProxy({
        port: broker.port,
        outgoing: options.outgoing,
        incoming: options.incoming?.(leg),
      });
      made.set(leg, proxy);
      url.port = String(proxy.port);
    }
    return url.href;
  };

  const start = async (
    name: string,
    script: string,
    leg: "gateway" | "worker",
  ): Promise<Part> => {
    const off = options.clockMs?.[leg];
    const part = startPart(name, {
      script,
      preload: off === undefined ? undefined : CLOCK,
      env: {
        FAULTS_CLOCK_MS: off === undefined ? undefined : String(off),
        PORT: "0",
        AMQP_URL: await urlThrough(leg),
        PLUGINS_DIR,
        FAULTS_RECORD: recordFile,
        LOG_LEVEL: "info",
        LOG_FORMAT: "json",
        MAX_PENDING: "100000",
        MAX_PENDING_TOTAL: "100000",
        ...options.env,
      },
    });
    parts.push(part);
    return part;
  };

  const isUp = async (part: Part): Promise<boolean> => {
    if (!part.isAlive) throw new Error(`${part.name} ended while it started:\n${part.log()}`);
    return part.url !== "" && await readyz(part.url).then((code) => code === 200, () => false);
  };

  const startGateway = async (): Promise<Part> => {
    const script = engine === "embedded" ? "scripts/start.ts" : "gateway/main.ts";
    const part = await start(`gateway ${++started}`, script, "gateway");
    await until(() => isUp(part), { what: `${part.name} to be ready`, timeoutMs: 30_000 });
    gateways.push(part);
    balancer?.targets.add(portOf(part));
    return part;
  };

  const startWorker = async (): Promise<Part> => {
    const part = await start(`worker ${++started}`, "workers/main.ts", "worker");
    await until(() => part.log().includes('"serving"'), {
      what: `${part.name} to serve`,
      timeoutMs: 30_000,
    });
    workers.push(part);
    return part;
  };

  const url = (): string => {
    const through = made.get("browser") ?? balancer;
    return through ? `http://127.0.0.1:${through.port}` : gateways[0]!.url;
  };

  const connect = (): LedgerClient => {
    const client = ledger.open(createWebsocketClient({ url: url() }));
    clients.push(client);
    return client;
  };

  // Not in the scenario's ledger: its rows show the scenario's own requests.
  const ask = async (at: string): Promise<number[]> => {
    const client = createLedger({ prefix: "ping" }).open(createWebsocketClient({ url: at }));
    const what = { payload: { ms: 100 }, options: { timeoutMs: 5_000 } };
    const asked = Array.from({ length: PINGS }, () => client.once("steady.ping", what));
    const answers = await Promise.all(asked);
    client.socket.close();
    return answers.flatMap(({ value }) => pidOf(value));
  };

  const system: FaultSystem = {
    gateways,
    workers,
    parts,
    proxy(leg) {
      const proxy = made.get(leg);
      if (!proxy) throw new Error(`The scenario asked for no proxy on the leg "${leg}".`);
      return proxy;
    },
    startGateway,
    startWorker,
    cutClients: () => balancer?.cut(),
    retire: (gateway) => void balancer?.targets.delete(portOf(gateway)),
    connect,
    async steadyHosts() {
      const found = await Promise.all(
        parts.filter((part) => part.isAlive).map(async (part) =>
          (await part.pids("PLUGBOARD_FILE=steady.ts")).map((pid) => ({ part, pid }))
        ),
      );
      return found.flat();
    },
    async workerPids() {
      const serving = gateways.filter((gateway) => gateway.isAlive);
      const pids = await Promise.all(serving.map(({ url }) => ask(url)));
      return [...new Set(pids.flat())];
    },
    async stop() {
      for (const { socket } of clients) socket.close();
      const wrong = await Promise.all(parts.map(async (part) => {
        const wasEnded = part.isMeantToEnd;
        const { code, signal } = await part.stop();
        return wasEnded || code === 0 ? [] : [`${part.name} stopped with ${signal ?? code}`];
      }));
      for (const proxy of [...made.values(), balancer]) await proxy?.close();
      return wrong.flat();
    },
  };

  try {
    if (options.balanced ?? gatewayCount > 1) balancer = await createTcpBalancer();
    // A gateway is ready when there is a worker, so that all start at the same time.
    await Promise.all([
      ...Array.from({ length: gatewayCount }, startGateway),
      ...(broker ? Array.from({ length: workerCount }, startWorker) : []),
    ]);
    if (proxies.includes("browser")) {
      made.set("browser", await createTcpProxy({ port: portOf(gateways[0]!) }));
    }
    // A plugin may serve later than its gateway is ready.
    const wanted = broker ? workerCount : 1;
    const serve = async () => (await system.workerPids()).length >= wanted;
    await until(serve, { what: "every worker to serve", timeoutMs: 30_000 });
    return system;
  } catch (error) {
    for (const part of parts) await part.kill();
    await system.stop();
    throw error;
  }
};

const portOf = (part: Part): number => Number(new URL(part.url).port);

/** Of a handler's result, where it names its process. */
export const pidOf = (value: unknown): number[] =>
  typeof value === "object" && value !== null && "pid" in value && typeof value.pid === "number"
    ? [value.pid]
    : [];
