import { spawn } from "node:child_process";
import { constants } from "node:fs";
import { access, rm, writeFile } from "node:fs/promises";
import process from "node:process";

/** Options of `installDebianPackage`. */
export type InstallDebianPackageOptions = {
  /** Milliseconds each `apt-get` may take. Default 5 minutes. */
  timeoutMs?: number;
};

/**
 * Installs a package of Debian's with `apt-get`, without starting the services it brings, and
 * says so on standard error.
 * @throws Error that names the package and what to do: not root, not Debian, or `apt-get` failed.
 */
export const installDebianPackage = async (
  name: string,
  { timeoutMs = 300_000 }: InstallDebianPackageOptions = {},
): Promise<void> => {
  if (process.getuid?.() !== 0 || !(await canInstall())) {
    throw new Error(
      `${name} is not installed, and only root on Debian can have it installed from here: ` +
        `install ${name} with this system's package manager.`,
    );
  }
  console.error(`Installing Debian's package ${name} with apt-get, because it is not here.`);
  const mayStartServices = await forbidServices();
  try {
    await aptGet(["update"], timeoutMs);
    await aptGet(["install", "-y", "--no-install-recommends", name], timeoutMs);
  } finally {
    await mayStartServices();
  }
};

const canInstall = (): Promise<boolean> =>
  Promise.all([access("/etc/debian_version"), access("/usr/bin/apt-get", constants.X_OK)])
    .then(() => true, () => false);

/**
 * Debian asks this script before it starts a service, and 101 forbids it. A script that is there
 * already is its owner's decision and stays. Returns what takes the ban away.
 */
const forbidServices = async (): Promise<() => Promise<void>> => {
  const policy = "/usr/sbin/policy-rc.d";
  const isOurs = await writeFile(policy, "#!/bin/sh\nexit 101\n", { flag: "wx", mode: 0o755 })
    .then(() => true, () => false);
  return async () => {
    if (isOurs) await rm(policy, { force: true });
  };
};

const aptGet = (args: string[], timeoutMs: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn("apt-get", args, {
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      // Progress goes to standard error: standard output belongs to what the caller prints.
      stdio: ["ignore", 2, 2],
      timeout: timeoutMs,
    });
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (code === 0) return resolve();
      const how = signal === null ? `with code ${code}` : `by ${signal}`;
      reject(new Error(`"apt-get ${args.join(" ")}" ended ${how}; its lines above say why.`));
    });
  });
