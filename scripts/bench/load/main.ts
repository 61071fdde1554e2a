import * as v from "valibot";
import { answerParent } from "../answerParent.ts";
import { type Driver, Target } from "./driver.ts";
import { LoadOptions, runLoad } from "./runLoad.ts";

// A load generator in a process of its own, so that what it takes is not taken from what it
// measures, and can be told.

/** Each is loaded only where it is used, so that its memory is its own. */
const connect = async (target: Target): Promise<Driver> => {
  if (target.driver === "plugboard") {
    return (await import("./plugboard.ts")).connectPlugboard(target);
  }
  if (target.driver === "socketIo") return (await import("./socketIo.ts")).connectSocketIo(target);
  if (target.driver === "carefulEcho") {
    return (await import("./carefulEcho.ts")).connectCarefulEcho(target);
  }
  return (await import("./amqp.ts")).connectAmqp(target);
};

let driver: Driver | undefined;

answerParent({
  async connect(target) {
    driver = await connect(v.parse(Target, target));
  },
  run(options) {
    if (driver === undefined) throw new Error("Connect first.");
    return runLoad(driver, v.parse(LoadOptions, options));
  },
});
