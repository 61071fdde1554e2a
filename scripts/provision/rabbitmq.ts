import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:fs";
import { access, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { installDebianPackage } from "./installDebianPackage.ts";

/** A RabbitMQ to run against, and how to be rid of it. */
export type ProvidedRabbitMq = { url: string; stop(): Promise<void> };

/** How long, in milliseconds, a private node may take until it answers. It takes about 7 s. */
const START_TIMEOUT_MS = 60_000;

/**
 * Gives a real RabbitMQ: the one `AMQP_URL` names; else a private node, on free ports of the
 * loopback interface and in a temporary folder, from the installed `rabbitmq-server`; else the
 * same after installing Debian's package. The node ends with `stop()`, and with this process
 * however that ends.
 * @throws Error that says what to install, or why the node did not start.
 */
export const provideRabbitMq = async (): Promise<ProvidedRabbitMq> => {
  const url = process.env.AMQP_URL;
  if (url) return { url, stop: () => Promise.resolve() };
  let server = await findServer();
  if (server === undefined) {
    await installDebianPackage("rabbitmq-server").catch((cause) => {
      throw new Error(
        "There is no RabbitMQ to test against: set AMQP_URL to one that runs, install " +
          `rabbitmq-server (3.10 or newer), or run with --no-rabbitmq. ${cause.message}`,
        { cause },
      );
    });
    server = await findServer();
  }
  if (server === undefined) throw new Error("rabbitmq-server is installed, but not on the PATH.");
  return startNode(server);
};

// Debian's script on the PATH runs the server as another user; the one behind it does not.
const findServer = async (): Promise<string | undefined> => {
  const folders = ["/usr/lib/rabbitmq/bin", ...(process.env.PATH ?? "").split(delimiter)];
  for (const folder of folders) {
    const path = join(folder, "rabbitmq-server");
    if (await access(path, constants.X_OK).then(() => true, () => false)) return path;
  }
};

const startNode = async (server: string): Promise<ProvidedRabbitMq> => {
  const folder = await mkdtemp(join(tmpdir(), "plugboard-rabbitmq-"));
  const [port, distPort, epmdPort] = await freePorts(3);
  await writeFile(join(folder, "plugins"), "[].");
  const env = {
    ...process.env,
    HOME: folder,
    RABBITMQ_NODENAME: `plugboard-${port}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: "127.0.0.1",
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(distPort),
    RABBITMQ_MNESIA_BASE: join(folder, "data"),
    RABBITMQ_LOG_BASE: join(folder, "log"),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, "plugins"),
    // Neither file is there: a system's own configuration is not for this node.
    RABBITMQ_CONFIG_FILE: join(folder, "config"),
    RABBITMQ_CONF_ENV_FILE: join(folder, "environment"),
    // Its own name server: the shared one would outlive it.
    ERL_EPMD_PORT: String(epmdPort),
    ERL_EPMD_ADDRESS: "127.0.0.1",
  };
  const outputPath = join(folder, "output");
  const node = spawn("/bin/sh", ["-c", RUN, server, outputPath], {
    env,
    detached: true,
    stdio: "ignore",
  });
  const guard = spawn("/bin/sh", ["-c", GUARD, "guard", String(node.pid), folder], {
    env,
    stdio: ["pipe", "ignore", "ignore"],
  });
  const stop = async () => {
    const ended = closed(guard);
    guard.stdin?.end();
    await ended;
  };
  try {
    await answers(port!, { node, timeoutMs: START_TIMEOUT_MS });
  } catch (error) {
    const output = await readFile(outputPath, "utf8").catch(() => "");
    await stop();
    throw new Error(`${(error as Error).message} ${server} said:\n${output.slice(-2_000)}`);
  }
  return { url: `amqp://guest:guest@127.0.0.1:${port}`, stop };
};

const RUN = 'exec "$0" >"$1" 2>&1';

/**
 * Ends the node ($1) when standard input ends: `stop` closes it, and so does the death of this
 * process, even by SIGKILL. The script of the node stops the Erlang VM and waits for it.
 */
const GUARD = `
trap '' INT TERM HUP
read -r _
kill -TERM "$1"
tries=0
while kill -s 0 -- "-$1" && [ $tries -lt 200 ]; do sleep 0.1; tries=$((tries + 1)); done
kill -s KILL -- "-$1"
epmd -kill
rm -rf "$2"
`;

const closed = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once("close", () => resolve());
  });

/** Ports nobody uses now; all are held until the last is known, so that they differ. */
const freePorts = async (count: number): Promise<number[]> => {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(servers.map((server) =>
    new Promise<number>((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    })
  ));
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
};

type AnswersOptions = { node: ChildProcess; timeoutMs: number };

const answers = async (port: number, { node, timeoutMs }: AnswersOptions): Promise<void> => {
  const deadline = performance.now() + timeoutMs;
  while (!(await speaksAmqp(port))) {
    if (node.exitCode !== null || node.signalCode !== null) {
      throw new Error("The private RabbitMQ node ended while it started.");
    }
    if (performance.now() > deadline) {
      throw new Error(`The private RabbitMQ node did not answer within ${timeoutMs / 1000} s.`);
    }
    await delay(100);
  }
};

/** A server that is ready answers the protocol header with a method frame (type 1). */
const speaksAmqp = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("AMQP\0\0\x09\x01"));
    const settle = (spoke: boolean) => {
      socket.destroy();
      resolve(spoke);
    };
    socket.setTimeout(2_000, () => settle(false));
    socket.once("data", (bytes) => settle(bytes[0] === 1));
    socket.once("error", () => settle(false));
    socket.once("close", () => settle(false));
  });
