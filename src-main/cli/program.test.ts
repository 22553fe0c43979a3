import { PassThrough } from "node:stream";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { createProgram } from "./program.ts";

function program(): { readonly command: Command; readonly output: () => string } {
  const out = new PassThrough();
  let text = "";
  out.on("data", (part) => (text += String(part)));
  const terminal = { out, err: out, interactive: false };
  const { signal } = new AbortController();
  const command = createProgram({ terminal, signal, exit: () => undefined });
  return { command, output: () => text };
}

function leaves(command: Command): readonly Command[] {
  const inner = command.commands.filter((one) => one.name() !== "help");
  return inner.length === 0 ? [command] : inner.flatMap(leaves);
}

describe("the help", () => {
  it("knows these subcommands", () => {
    const names = leaves(program().command).map((one) => `${one.parent?.name()} ${one.name()}`);
    expect(names).toEqual([
      "meshdeck serve",
      "meshdeck run",
      "meshdeck replay",
      "meshdeck check",
      "meshdeck lincheck",
      "meshdeck attach",
      "mesh list",
      "mesh command",
      "memory read",
      "memory write",
      "memory delete",
      "memory list",
      "meshdeck propose",
      "meshdeck audit",
      "meshdeck token",
    ]);
  });

  it("describes every subcommand, option and argument, with examples", () => {
    for (const command of leaves(program().command)) {
      expect(command.description(), command.name()).toMatch(/\.$/);
      for (const option of command.options) expect(option.description, option.flags).not.toBe("");
      for (const argument of command.registeredArguments) {
        expect(argument.description, argument.name()).not.toBe("");
      }
      let help = "";
      command.configureOutput({ writeOut: (text) => (help += text) });
      command.outputHelp();
      expect(help, command.name()).toContain("Examples:\n  $ meshdeck ");
    }
  });

  it.each([
    [["serv"], /unknown command 'serv'/],
    [["run"], /missing required argument 'file'/],
    [["serve", "--prot", "1"], /unknown option '--prot'/],
    [["token", "boss"], /Allowed choices are viewer, operator, admin/],
  ])("is pointed to when %j is asked", async (args, message) => {
    const { command, output } = program();
    await expect(command.parseAsync(["node", "meshdeck", ...args])).rejects.toThrow();
    expect(output()).toMatch(message);
    expect(output()).toMatch(/--help/);
  });
});
