import { fileURLToPath } from "node:url";
import { createRabbitMqBus } from "../common/rabbit-mq/createRabbitMqBus.ts";
import { aborted, runCommand } from "../common/runCommand.ts";
import { createGateway } from "./createGateway.ts";

await runCommand({
  usage: "gateway: serves the page and bridges browsers to RabbitMQ (AMQP_URL).",
  async main({ settings, log, stopping }) {
    if (settings.AMQP_URL === undefined) {
      throw new Error(
        "A gateway of its own needs AMQP_URL (--amqp-url); without RabbitMQ, start runs everything.",
      );
    }
    const bus = await createRabbitMqBus({ url: settings.AMQP_URL, log });
    const clientDir = fileURLToPath(new URL("../dist/client", import.meta.url));
    const gateway = await createGateway({ bus, settings, log, clientDir });
    console.log(gateway.url);
    await aborted(stopping);
    await gateway.close({ drainMs: settings.DRAIN_MS });
    await bus.close();
    return 0;
  },
});
