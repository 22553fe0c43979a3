/**
 * Installs what the end-to-end tests need from the system: with apt and root it does, otherwise it
 * says what to install. Ends with 1 when something needed is still missing and CI is set.
 */
import { runCommand } from "./lib/command.ts";
import { findProgram, REQUIREMENTS, type Requirement } from "./lib/system.ts";

const TRIES = 3;

async function aptInstall(packages: readonly string[]): Promise<void> {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const update = await runCommand("apt-get", ["update", "-qq"], { env });
    const args = ["install", "-y", "-qq", "--no-install-recommends", ...packages];
    const install = await runCommand("apt-get", args, { env });
    if (install.code === 0) return;
    if (attempt === TRIES) process.stderr.write(update.output + install.output);
  }
}

const missing = (): readonly Requirement[] => REQUIREMENTS.filter((one) => !one.present());

const before = missing();
if (before.length > 0 && process.getuid?.() === 0 && findProgram("apt-get") !== undefined) {
  const packages = before.map((one) => one.debianPackage);
  process.stdout.write(`installing ${packages.join(" ")}\n`);
  await aptInstall(packages);
}
const still = missing();
for (const { name, debianPackage, advice } of still) {
  process.stdout.write(
    `missing: ${name}. Debian: apt-get install ${debianPackage}; or ${advice}\n`,
  );
}
if (process.env["CI"] && still.some((one) => one.needed)) process.exitCode = 1;
