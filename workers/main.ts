import { createRabbitMqBus } from "../common/rabbit-mq/createRabbitMqBus.ts";
import { aborted, runCommand } from "../common/runCommand.ts";
import { createBusWorker } from "./createBusWorker.ts";
import { nameWorker } from "./nameWorker.ts";

const worker = nameWorker();

await runCommand({
  usage: "worker: serves every plugin in a folder, over RabbitMQ (AMQP_URL).",
  fields: { worker },
  async main({ settings, log, stopping }) {
    if (settings.AMQP_URL === undefined) {
      throw new Error(
        "A worker of its own needs AMQP_URL (--amqp-url); without RabbitMQ, start runs everything.",
      );
    }
    const bus = await createRabbitMqBus({ url: settings.AMQP_URL, log });
    const { settled, close } = await createBusWorker({ bus, worker, settings, log });
    await Promise.race([settled, aborted(stopping)]);
    log.info("serving");
    await aborted(stopping);
    await close();
    await bus.close();
    return 0;
  },
});
