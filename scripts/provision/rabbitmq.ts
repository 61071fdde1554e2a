import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";
import process from "node:process";
import { installDebianPackage } from "./installDebianPackage.ts";
import { type RabbitMqNode, startRabbitMqNode } from "./rabbitMqNode.ts";

/** A RabbitMQ to run against, and how to be rid of it. */
export type ProvidedRabbitMq = { url: string; stop(): Promise<void> };

/**
 * Gives a real RabbitMQ: the one `AMQP_URL` names; else a private node of its own.
 * @throws Error that says what to install, or why the node did not start.
 */
export const provideRabbitMq = async (): Promise<ProvidedRabbitMq> => {
  const url = process.env.AMQP_URL;
  if (url) return { url, stop: () => Promise.resolve() };
  return await provideRabbitMqNode();
};

/**
 * Gives a private node, from the installed `rabbitmq-server`, else after installing Debian's
 * package.
 * @throws Error that says what to install, or why the node did not start.
 */
export const provideRabbitMqNode = async (): Promise<RabbitMqNode> => {
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
  return startRabbitMqNode(server);
};

// Debian's script on the PATH runs the server as another user; the one behind it does not.
const findServer = async (): Promise<string | undefined> => {
  const folders = ["/usr/lib/rabbitmq/bin", ...(process.env.PATH ?? "").split(delimiter)];
  for (const folder of folders) {
    const path = join(folder, "rabbitmq-server");
    if (await access(path, constants.X_OK).then(() => true, () => false)) return path;
  }
};
