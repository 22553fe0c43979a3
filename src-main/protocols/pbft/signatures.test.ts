// The same protocol with real Ed25519 keys: no test double decides here what a signature is.
import { createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from "node:crypto";
import { expect, it } from "vitest";
import type { ConsensusEvent, ConsensusInput } from "#main/kernel/consensus.ts";
import type { Signer } from "#main/kernel/signer.ts";
import { AppendLog, toBytes } from "#main/kernel/testing/append-log.ts";
import { MiniWorld } from "#main/kernel/testing/mini-world.ts";
import { ms } from "#main/kernel/time.ts";
import { pbftCodec } from "./codec.ts";
import { PBFT_DEFAULTS } from "./options.ts";
import { Pbft } from "./pbft.ts";
import type { PbftMessage, PbftRecord } from "./types.ts";

it("four members with Ed25519 keys agree, also behind a checkpoint and a view change", () => {
  const members = ["r0", "r1", "r2", "r3"];
  const keys = new Map<string, KeyObject>(
    members.map((node) => [node, generateKeyPairSync("ed25519").privateKey]),
  );
  const signer = (self: string): Signer => ({
    self,
    sign: (content) => new Uint8Array(sign(null, content, keys.get(self) as KeyObject)),
    verify(node, content, signature) {
      const key = keys.get(node);
      return key !== undefined && verify(null, content, createPublicKey(key), signature);
    },
  });
  const world = new MiniWorld<ConsensusInput<PbftMessage>, PbftMessage, ConsensusEvent, PbftRecord>(
    {
      codec: pbftCodec,
      latencyUs: ms(1),
    },
  );
  const apps = new Map(members.map((node) => [node, new AppendLog()]));
  for (const self of members) {
    const options = { ...PBFT_DEFAULTS, checkpointEvery: 2, window: 4 };
    const app = apps.get(self) as AppendLog;
    const rest = { mesh: "m", epoch: 1, options, signer: signer(self), app, restore: [], life: 0 };
    world.add(self, new Pbft({ self, members, ...rest, amnesia: false }));
    world.input(self, { kind: "start", now: 0 });
  }
  const propose = (request: number, until: number) => {
    world.input("r2", {
      kind: "propose",
      now: world.now,
      request,
      command: toBytes(`c${request}`),
    });
    world.runTo(ms(until));
  };
  propose(1, 100);
  propose(2, 200);
  world.remove("r0");
  propose(3, 4_000);
  expect(["r1", "r2", "r3"].map((node) => apps.get(node)?.entries)).toEqual(
    Array.from({ length: 3 }, () => ["c1", "c2", "c3"]),
  );
  expect(world.of("rejected")).toEqual([]);
});
