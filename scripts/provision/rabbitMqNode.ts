import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { speaksAmqp } from "./speaksAmqp.ts";

/** A private RabbitMQ node on the loopback interface, and what may be done to it. */
export type RabbitMqNode = {
  readonly url: string;
  readonly port: number;
  /** Ends it as a power cut would: SIGKILL to the node and all its processes. */
  kill(): Promise<void>;
  /** Starts it again after `kill`: same ports, same data. Resolves when it answers. */
  restart(): Promise<void>;
  /**
   * Runs `rabbitmqctl` and gives its standard output; takes a second or two.
   * @throws Error with what it said, when it fails or takes longer than 30 s
   */
  control(...args: string[]): Promise<string>;
  /** Ends it in good order and removes its folder. */
  stop(): Promise<void>;
};

/** How long, in milliseconds, a node may take until it answers. It takes about 7 s. */
const START_TIMEOUT_MS = 60_000;
const CONTROL_TIMEOUT_MS = 30_000;

/**
 * Starts a node on free ports and in a temporary folder. It ends with `stop()`, and with this
 * process however that ends.
 * @param server the `rabbitmq-server` to run
 * @throws Error with what the node said, when it does not answer
 */
export const startRabbitMqNode = async (server: string): Promise<RabbitMqNode> => {
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
  const guard = spawn("/bin/sh", ["-c", GUARD, "guard", folder], {
    env,
    stdio: ["pipe", "ignore", "ignore"],
  });
  const stop = async () => {
    const ended = closed(guard);
    guard.stdin?.end();
    await ended;
  };
  const start = async (): Promise<ChildProcess> => {
    // A group of its own, so that a signal reaches all of it.
    const options = { env, detached: true, stdio: "ignore" } as const;
    const started = spawn("/bin/sh", ["-c", RUN, server, outputPath], options);
    guard.stdin?.write(`${started.pid}\n`);
    await answers(port!, started).catch(async (error) => {
      const output = await readFile(outputPath, "utf8").catch(() => "");
      await stop();
      throw new Error(`${error.message} ${server} said:\n${output.slice(-2_000)}`);
    });
    return started;
  };

  let node = await start();
  return {
    url: `amqp://guest:guest@127.0.0.1:${port}`,
    port: port!,
    async kill() {
      const ended = closed(node);
      process.kill(-node.pid!, "SIGKILL");
      await ended;
    },
    async restart() {
      node = await start();
    },
    control: (...args) => runControl(join(dirname(server), "rabbitmqctl"), { args, env }),
    stop,
  };
};

const RUN = 'exec "$0" >>"$1" 2>&1';

/**
 * Reads the ids of the nodes that run, and ends the last one when standard input ends: `stop`
 * closes it, and so does the death of this process, even by SIGKILL. The script of the node stops
 * the Erlang VM and waits for it.
 */
const GUARD = `
trap '' INT TERM HUP
while read -r line; do node=$line; done
kill -TERM "$node"
tries=0
while kill -s 0 -- "-$node" && [ $tries -lt 200 ]; do sleep 0.1; tries=$((tries + 1)); done
kill -s KILL -- "-$node"
epmd -kill
rm -rf "$1"
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

const answers = async (port: number, node: ChildProcess): Promise<void> => {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (!(await speaksAmqp(port))) {
    if (node.exitCode !== null || node.signalCode !== null) {
      throw new Error("The private RabbitMQ node ended while it started.");
    }
    if (performance.now() > deadline) {
      throw new Error(`The private RabbitMQ node did not answer in ${START_TIMEOUT_MS / 1000} s.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

type ControlOptions = { args: string[]; env: Record<string, string | undefined> };

const runControl = (command: string, { args, env }: ControlOptions): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: CONTROL_TIMEOUT_MS,
    });
    let out = "";
    let said = "";
    child.stdout.on("data", (bytes) => out += bytes);
    child.stderr.on("data", (bytes) => said += bytes);
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) return resolve(out);
      reject(new Error(`"rabbitmqctl ${args.join(" ")}" failed (${code}): ${said || out}`));
    });
  });
