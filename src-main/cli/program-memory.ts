/** The part of the command line that asks a mesh: its memory, and agreement. */
import { type Command, Option } from "commander";
import type { CliContext } from "./context.ts";
import type { ListOptions, ReadOptions, HostChoice, WriteOptions } from "./commands/memory.ts";

export interface Shared {
  readonly dataOption: Option;
  readonly examples: (...lines: readonly string[]) => string;
}

const ENDS = `
Ends with 0 when it was done, 1 when the mesh refused it, 2 when it was asked wrongly,
and 4 when no answer came: whether it was carried out is then not known.
`;

export function addMemory(program: Command, context: CliContext, shared: Shared): void {
  const memory = program
    .command("memory")
    .description("Read and write the memory of a mesh, through a host that runs.");
  hostOptions(memory.command("read"), shared)
    .description("Print what a key holds; values written at the same time on lines of their own.")
    .argument("<namespace>", "namespace")
    .argument("<key>", "key")
    .option("--local", "what the node holds, old or not, without asking the others")
    .addHelpText("after", ENDS)
    .addHelpText("after", shared.examples("memory read app colour", "memory read app n --local"))
    .action(async (namespace: string, key: string, options: ReadOptions) =>
      (await import("./commands/memory.ts")).memoryRead({ namespace, key }, options, context),
    );
  hostOptions(memory.command("write"), shared)
    .description("Write a value; a counter takes a number to add, a set an element (-x: out).")
    .argument("<namespace>", "namespace")
    .argument("<key>", "key")
    .argument("<value>", "value; one that begins with - goes after --")
    .option("--ttl <seconds>", "the entry is gone after so long")
    .option("--expect <value>", "only where this is the present value (strong namespaces)")
    .addHelpText("after", ENDS)
    .addHelpText(
      "after",
      shared.examples(
        "memory write app colour blue",
        "memory write app lock me --expect free --ttl 30",
        "memory write --mesh demo counters n -- -3",
      ),
    )
    .action(async (namespace: string, key: string, value: string, options: WriteOptions) =>
      (await import("./commands/memory.ts")).memoryWrite(
        { namespace, key, value },
        options,
        context,
      ),
    );
  hostOptions(memory.command("delete"), shared)
    .description("Take a key away.")
    .argument("<namespace>", "namespace")
    .argument("<key>", "key")
    .addHelpText("after", ENDS)
    .addHelpText("after", shared.examples("memory delete app colour"))
    .action(async (namespace: string, key: string, options: HostChoice) =>
      (await import("./commands/memory.ts")).memoryDelete({ namespace, key }, options, context),
    );
  hostOptions(memory.command("list"), shared)
    .description("What one node holds.")
    .option("--namespace <name>", "only of this namespace")
    .addHelpText("after", shared.examples("memory list", "memory list --node B --json"))
    .action(async (options: ListOptions) =>
      (await import("./commands/memory.ts")).memoryList(options, context),
    );
}

export function addPropose(program: Command, context: CliContext, shared: Shared): void {
  hostOptions(program.command("propose"), shared)
    .description("Have a mesh agree on a value.")
    .argument("<value>", "what is proposed")
    .addHelpText("after", ENDS)
    .addHelpText("after", shared.examples("propose hello", "propose --node B --timeout 30 hello"))
    .action(async (value: string, options: HostChoice) =>
      (await import("./commands/memory.ts")).propose(value, options, context),
    );
}

function hostOptions(command: Command, { dataOption }: Shared): Command {
  return command
    .option("--host <address>", "a host elsewhere, ws://host:port; else the one that runs here")
    .option("--token <token>", "that host's token; better: the variable MESHDECK_TOKEN")
    .addOption(dataOption)
    .option("--mesh <id>", "which mesh; needed where several are open")
    .option("--node <name>", "the node to ask; else the leader, or any that runs")
    .addOption(new Option("--timeout <seconds>", "to wait for the answer").default("10"))
    .option("--json", "print the answer as JSON");
}
