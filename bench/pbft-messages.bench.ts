// Messages of the protocol for one request that is not batched, counted on the wire of a simulated
// mesh: pre-prepare to n-1 backups, prepares of n-1 backups to n-1 others, commits of n replicas to
// n-1 others, and n replies: 2n² - n (Castro and Liskov 1999, section 4.2). And how many requests a
// second one processor simulates, beside what its signatures alone would allow.
import { createKeys, createSigner, KeyDirectory } from "../src-main/crypto/ed25519.ts";
import type { MeshEvent } from "../src-shared/contract/events.ts";
import type { SimMesh } from "../src-main/sim/mesh/sim-mesh.ts";
import { openMesh, print, processorTime, round } from "./lib/sim-bench.ts";

const SIZES = [4, 7, 10] as const;
const COUNTED = ["pre-prepare", "prepare", "commit", "reply"] as const;
const REQUESTS = 200;
const PUBLISHED: Readonly<Record<number, number>> = { 4: 28, 7: 91, 10: 190 };

function countKinds(mesh: SimMesh, fromSerial: number): Record<string, number> {
  const counts: Record<string, number> = {};
  const { batch } = mesh.trace({ fromSerial, limit: 100_000 });
  for (const kind of batch.kind) {
    const name = (batch.kinds[kind] ?? "").replace(/^pbft\./, "");
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

function perRequest(nodes: number) {
  let answered = 0;
  const mesh = openMesh(
    { nodes, topology: { kind: "full" }, consensus: { kind: "pbft" } },
    (event: MeshEvent) => {
      answered += event.type === "request.answered" && event.code === "ok" ? 1 : 0;
    },
  );
  mesh.runUntil(2_000_000);
  // The first request opens the client's session, which is a round of its own.
  mesh.execute({ type: "consensus.propose", node: "B", value: "first" }, "bench");
  mesh.runUntil(6_000_000);
  const from = mesh.nextSerial;
  mesh.execute({ type: "consensus.propose", node: "B", value: "counted" }, "bench");
  mesh.runUntil(mesh.now + 1_500_000);
  const kinds = countKinds(mesh, from);
  const own = COUNTED.map((kind) => kinds[kind] ?? 0);
  // A replica's reply to itself crosses no wire: the client is one of the replicas here.
  const onWire = own.reduce((sum, count) => sum + count, 0);
  const toItself = 1;
  return {
    nodes,
    counted: onWire + toItself,
    published: PUBLISHED[nodes],
    onWire: Object.fromEntries(COUNTED.map((kind, i) => [kind, own[i]])),
    replyToItself: toItself,
    answered,
  };
}

function throughput(nodes: number) {
  let answered = 0;
  const mesh = openMesh(
    { nodes, topology: { kind: "full" }, consensus: { kind: "pbft" } },
    (event: MeshEvent) => {
      answered += event.type === "request.answered" && event.code === "ok" ? 1 : 0;
    },
  );
  mesh.runUntil(2_000_000);
  const seconds = processorTime(() => {
    for (let i = 0; i < REQUESTS; i++) {
      mesh.execute({ type: "consensus.propose", node: "A", value: `v${i}` }, "bench");
      mesh.runUntil(mesh.now + 50_000);
    }
    mesh.runUntil(mesh.now + 2_000_000);
  });
  return { nodes, requests: REQUESTS, answered, perProcessorSecond: round(answered / seconds, 0) };
}

function signatures() {
  const keys = createKeys(new Uint8Array(32).fill(7));
  const directory = new KeyDirectory();
  directory.admit("A", keys.publicKey);
  const signer = createSigner("A", keys.privateKey, directory);
  const content = new Uint8Array(150);
  const signature = signer.sign(content);
  const count = 5_000;
  const sign = processorTime(() => {
    for (let i = 0; i < count; i++) signer.sign(content);
  });
  const verify = processorTime(() => {
    for (let i = 0; i < count; i++) signer.verify("A", content, signature);
  });
  return { signPerSecond: round(count / sign, 0), verifyPerSecond: round(count / verify, 0) };
}

print({
  bench: "pbft-messages",
  messages: SIZES.map(perRequest),
  throughput: [throughput(4), throughput(7)],
  floor: signatures(),
});
