import { setTimeout as delay } from "node:timers/promises";
import { expectMixed, mixedLoad } from "../mixedLoad.ts";
import type { FaultContext, Scenario } from "../scenario.ts";
import type { Leg } from "../system.ts";
import type { TcpProxy } from "../../harness/tcpProxy.ts";

/** What is done to a leg, and what it may cost requests that must not run twice. */
type Hurt = {
  name: string;
  act(proxy: TcpProxy): void | Promise<void>;
  may: Record<Leg, readonly string[]>;
};

const cut: Hurt = {
  name: "cut",
  act: (proxy) => proxy.cut(),
  may: { browser: [], gateway: ["BUS_UNAVAILABLE"], worker: ["WORKER_LOST"] },
};

const blackhole: Hurt = {
  name: "blackhole 3 s",
  async act(proxy) {
    proxy.pause();
    await delay(3_000);
    proxy.resume();
  },
  may: cut.may,
};

const halfOpen: Hurt = {
  name: "half-open",
  act: (proxy) => proxy.strand(),
  // The browser's connection counts as lost only after 45 s without a sign of life.
  may: { ...cut.may, browser: ["TIMEOUT"] },
};

const hurtLeg = (leg: Leg, hurt: Hurt, short: Scenario["short"] = []): Scenario => ({
  name: `${leg} leg, ${hurt.name}`,
  engines: leg === "browser" ? ["rabbitmq", "embedded"] : ["rabbitmq"],
  short,
  async run(context: FaultContext) {
    // A sign of life every 2 s, so that a silent leg is noticed within the requests' time.
    const system = await context.start({ proxies: [leg], heartbeatS: 2 });
    let hurting: void | Promise<void> = undefined;
    await mixedLoad(context, system.connect(), {
      count: 600,
      perSecond: 200,
      before(n) {
        if (n === 300) hurting = hurt.act(system.proxy(leg));
      },
    });
    await hurting;
    if (leg === "browser" && hurt === halfOpen) return;
    expectMixed(context, hurt.may[leg]);
  },
});

export const legs: readonly Scenario[] = [
  hurtLeg("browser", cut, ["rabbitmq", "embedded"]),
  hurtLeg("browser", blackhole),
  hurtLeg("browser", halfOpen),
  hurtLeg("gateway", cut, ["rabbitmq"]),
  hurtLeg("gateway", blackhole),
  hurtLeg("gateway", halfOpen, ["rabbitmq"]),
  hurtLeg("worker", cut, ["rabbitmq"]),
  hurtLeg("worker", blackhole),
  hurtLeg("worker", halfOpen),
];
