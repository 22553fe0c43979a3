/** The command line: what there is to ask, each answered by a module that is loaded only then. */
import { Argument, Command, InvalidArgumentError, Option } from "commander";
import { ROLES } from "#shared/contract/commands.ts";
import { MESHDECK_VERSION } from "#main/host/version.ts";
import type { CliContext } from "./context.ts";
import { addMemory, addPropose } from "./program-memory.ts";

const DATA_OPTION = new Option("--data <dir>", "folder of the host's state")
  .default(undefined, "the platform's user-data folder")
  .argParser((path: string) => {
    if (path !== "") return path;
    // Taken for the present folder, it would fill that with secrets.
    throw new InvalidArgumentError("It is empty.");
  });

export function createProgram(context: CliContext): Command {
  const program = new Command("meshdeck")
    .description("Watch an agent mesh, break it, heal it: simulated, on another host, or Serf.")
    .version(MESHDECK_VERSION)
    .showHelpAfterError("(run with --help to see what there is)")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.terminal.out.write(text),
      writeErr: (text) => context.terminal.err.write(text),
    });
  addServe(program, context);
  addRun(program, context);
  addReplay(program, context);
  addCheck(program, context);
  addLincheck(program, context);
  addAttach(program, context);
  addMesh(program, context);
  addMemory(program, context, { dataOption: DATA_OPTION, examples });
  addPropose(program, context, { dataOption: DATA_OPTION, examples });
  addAudit(program, context);
  addToken(program, context);
  return program;
}

function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ meshdeck ${line}`).join("\n")}\n`;
}

function addServe(program: Command, context: CliContext): void {
  program
    .command("serve")
    .description("Run a host without a window; it serves the console to browsers and other hosts.")
    .addOption(new Option("--port <number>", "port to listen on; 0 for any").default("7400"))
    .addOption(new Option("--host <address>", "address to listen on").default("127.0.0.1"))
    .addOption(DATA_OPTION)
    .option("--mesh <file>", "also open the mesh of a scenario file, paused")
    .option("--no-demo", "do not open the 3×3 demo mesh")
    .option("--open", "open the console in the default browser")
    .option("--readonly", "nobody may change anything, whatever their token")
    .option("--allow-remote", "listen on an address that other machines reach; needs TLS")
    .option("--tls-cert <file>", "certificate chain (PEM)")
    .option("--tls-key <file>", "private key (PEM)")
    .option("--name <host...>", "further host names to answer to")
    .option("--set-aside-journal", "keep a damaged journal under another name and begin a new one")
    .option("--json", "print one JSON object when ready")
    .addHelpText(
      "after",
      examples(
        "serve",
        "serve --open",
        "serve --port 0 --data /tmp/mesh --no-demo",
        "serve --host 0.0.0.0 --allow-remote --tls-cert host.pem --tls-key host.key",
      ),
    )
    .action(async (options) => (await import("./commands/serve.ts")).serve(options, context));
}

function addRun(program: Command, context: CliContext): void {
  program
    .command("run")
    .description(
      "Run a scenario file; ends with 0 when all it expects holds, 1 when not, 2 when it is bad.",
    )
    .argument("<file>", "scenario file (YAML); - for standard input")
    .option("--seed <number>", "another seed than the file's")
    .addOption(new Option("--speed <ratio>", "max, or mesh time per real time").default("max"))
    .option("--json", "print the event stream as JSON lines, the result last")
    .option("--record <file>", "write the run as a recording")
    .option("--junit <file>", "write the expectations as a JUnit report")
    .addHelpText(
      "after",
      examples(
        "run resources/scenarios/kill-a-node.yaml",
        "run --seed 7 --record run.meshdeck resources/scenarios/partition-and-heal.yaml",
        "run --json --speed 10 resources/scenarios/rumour.yaml",
      ),
    )
    .action(async (file, options) =>
      (await import("./commands/run.ts")).run(file, options, context),
    );
}

function addReplay(program: Command, context: CliContext): void {
  program
    .command("replay")
    .description("Run a recording again and check that the same things happen; 1 when they do not.")
    .argument("<file>", "recording; - for standard input")
    .option("--json", "print the event stream as JSON lines, the result last")
    .addHelpText("after", examples("replay run.meshdeck", "replay --json run.meshdeck"))
    .action(async (file, options) =>
      (await import("./commands/replay.ts")).replay(file, options, context),
    );
}

function addCheck(program: Command, context: CliContext): void {
  program
    .command("check")
    .description("Run a scenario, or chaos, with many seeds; 1 when any of them fails.")
    .argument("[file]", "scenario file (YAML); - for standard input")
    .addOption(new Option("--seeds <range>", "a seed or a range").default("1..100"))
    .option("--chaos <kind>", "no scenario: mesh, requests and faults are drawn; raft or pbft")
    .option("--steps <list>", "with --chaos: only these steps of what is drawn, like 3,17")
    .option("--no-shrink", "do not look for fewer steps that still fail")
    .addOption(
      new Option("--shrink-runs <number>", "runs to look for them, a failure").default("200"),
    )
    .option("--save-failing <file>", "write the first failure as a scenario, made smaller")
    .option("--json", "print one JSON line a seed, the sum last")
    .addHelpText(
      "after",
      examples(
        "check --seeds 1..1000 resources/scenarios/lossy-network.yaml",
        "check --seeds 1..100 --save-failing small.yaml my-scenario.yaml",
        "check --chaos raft --seeds 1..1000",
      ),
    )
    .action(async (file, options) =>
      (await import("./commands/check.ts")).check(file, options, context),
    );
}

function addLincheck(program: Command, context: CliContext): void {
  program
    .command("lincheck")
    .description(
      "Check a history of operations (JSON lines, docs/histories.md) for linearizability; ends " +
        "with 0 when it is, 1 when not, 2 when the file is bad, 3 when the budget was not enough.",
    )
    .argument("<history>", "file with the history; - for standard input")
    .option("--model <name>", "register, cas-register, counter or set, whatever the file says")
    .option("--max-steps <number>", "give up after that many steps of the search; 20 million else")
    .option("--timeout-ms <ms>", "give up after that time")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      examples("lincheck history.jsonl", "lincheck --model set --timeout-ms 60000 --json -"),
    )
    .action(async (history, options) =>
      (await import("./commands/lincheck.ts")).lincheck(history, options, context),
    );
}

function addAttach(program: Command, context: CliContext): void {
  program
    .command("attach")
    .description(
      "Open a mesh elsewhere in the console: a Serf cluster, or the meshes of another host. " +
        "A host that runs already takes it; otherwise one starts.",
    )
    .argument("<address>", "serf://host:port, ws://host:port or wss://host:port")
    .option("--token <token>", "the other host's token; better: the variable MESHDECK_TOKEN")
    .option("--auth-key <key>", "Serf's RPC key; better: the variable MESHDECK_SERF_KEY")
    .option("--mesh <id>", "which mesh of the other host; all by default")
    .option("--open", "open the console in the default browser")
    .option("--serve", "start a host of its own, even where one runs; --json prints its address")
    .option("--watch", "show it in this terminal instead, and what happens from now on")
    .option("--once", "only print how things are, in this terminal")
    .option("--exec <command>", "only carry out one command (JSON) and print the outcome")
    .option("--json", "print snapshots and events as JSON lines, in this terminal")
    .addOption(DATA_OPTION)
    .addHelpText(
      "after",
      examples(
        "attach serf://127.0.0.1:7373",
        "attach --open serf://127.0.0.1:7373",
        "attach --once --json serf://127.0.0.1:7373",
        `attach --exec '{"type":"user.event","name":"deploy","payload":"v2"}' serf://127.0.0.1:7373`,
        "attach --watch --auth-key secret serf://10.0.0.5:7373",
        "attach --token TOKEN ws://127.0.0.1:7400",
      ),
    )
    .action(async (address, options) =>
      (await import("./commands/attach.ts")).attach(address, options, context),
    );
}

function addMesh(program: Command, context: CliContext): void {
  const mesh = program.command("mesh").description("Ask the host that runs on this machine.");
  mesh
    .command("list")
    .description("The meshes that are open.")
    .addOption(DATA_OPTION)
    .option("--json", "print one JSON line a mesh")
    .addHelpText("after", examples("mesh list", "mesh list --json"))
    .action(async (options) => (await import("./commands/mesh.ts")).listMeshes(options, context));
  mesh
    .command("command")
    .description("Carry out one command.")
    .argument("<mesh>", "id of the mesh")
    .argument("<command>", "the command as JSON, see docs/protocol.md")
    .addOption(DATA_OPTION)
    .option("--reason <text>", "kept in the audit log")
    .option("--preview", "only say what it would do")
    .option("--json", "print the outcome as JSON")
    .addHelpText(
      "after",
      examples(
        `mesh command demo '{"type":"node.kill","nodes":["E"]}'`,
        `mesh command demo '{"type":"node.kill","nodes":["E"]}' --preview`,
        `mesh command demo '{"type":"time.speed","ratio":10}' --reason "too slow"`,
      ),
    )
    .action(async (id, command, options) =>
      (await import("./commands/mesh.ts")).runMeshCommand({ id, command }, options, context),
    );
}

function addAudit(program: Command, context: CliContext): void {
  program
    .command("audit")
    .description("Who asked for what, and what came of it; newest first.")
    .addOption(DATA_OPTION)
    .addOption(new Option("--limit <number>", "how many entries").default("50"))
    .option("--json", "print one JSON line an entry")
    .addHelpText("after", examples("audit", "audit --limit 500 --json"))
    .action(async (options) => (await import("./commands/audit.ts")).audit(options, context));
}

function addToken(program: Command, context: CliContext): void {
  program
    .command("token")
    .description("Print the secret that lets a console in with a role.")
    .addArgument(new Argument("[role]", "whose").choices(ROLES).default("admin"))
    .addOption(DATA_OPTION)
    .option("--renew", "make new tokens; the old ones stop working when the host starts next")
    .option("--json", "print all tokens as JSON")
    .addHelpText("after", examples("token", "token viewer", "token --renew"))
    .action(async (role, options) =>
      (await import("./commands/token.ts")).token(role, options, context),
    );
}
