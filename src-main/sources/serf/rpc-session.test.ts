import fc from "fast-check";
import { Packr } from "msgpackr";
import { describe, expect, it } from "vitest";
import { MeshError } from "#shared/contract/errors.ts";
import { header, pack } from "./fake-agent-testkit.ts";
import { RpcSession } from "./rpc-session.ts";

const packr = new Packr({ useRecords: false, variableMapSize: true });

describe("a request", () => {
  it("is the header and the body, as Serf writes them", () => {
    const { seq, bytes } = new RpcSession().request("handshake", "nothing", { Version: 1 });
    expect(seq).toBe(1);
    // The example of a session with serf 0.9.4: 82 a7 Command a9 handshake a3 Seq 01 81 a7 Version 01
    expect(Buffer.from(bytes).toString("latin1")).toBe(
      "\x82\xa7Command\xa9handshake\xa3Seq\x01\x81\xa7Version\x01",
    );
  });

  it("has no body where the command has none, and a number of its own", () => {
    const session = new RpcSession();
    session.request("handshake", "nothing", { Version: 1 });
    const { seq, bytes } = session.request("members", "body");
    expect(seq).toBe(2);
    expect(packr.unpackMultiple(bytes)).toEqual([{ Command: "members", Seq: 2 }]);
  });
});

describe("an answer", () => {
  it("without a body is there with its header", () => {
    const session = new RpcSession();
    const { seq } = session.request("event", "nothing", { Name: "x" });
    expect(session.receive(pack(header(seq)))).toEqual([{ kind: "reply", seq, body: undefined }]);
  });

  it("with a body is there with the body", () => {
    const session = new RpcSession();
    const { seq } = session.request("members", "body");
    expect(session.receive(pack(header(seq)))).toEqual([]);
    const body = { Members: [] };
    expect(session.receive(pack(body))).toEqual([{ kind: "reply", seq, body }]);
  });

  it("that refuses has no body, whatever the command", () => {
    const session = new RpcSession();
    const { seq } = session.request("members", "body");
    const error = "Authentication required";
    expect(session.receive(pack(header(seq, error)))).toEqual([{ kind: "refused", seq, error }]);
  });

  it("to force-leave may have a body or not", () => {
    const session = new RpcSession();
    const one = session.request("force-leave", "maybe", { Node: "x" }).seq;
    const two = session.request("force-leave", "maybe", { Node: "y" }).seq;
    const three = session.request("stats", "body").seq;
    const bytes = pack(header(one), { Exists: true }, header(two), header(three), { agent: {} });
    expect(session.receive(bytes).map(({ kind, seq }) => [kind, seq])).toEqual([
      ["reply", one],
      ["reply", two],
      ["reply", three],
    ]);
  });

  it("may come between the records of a stream", () => {
    const session = new RpcSession();
    const stream = session.request("stream", "stream", { Type: "*" }).seq;
    const members = session.request("members", "body").seq;
    const record = { Event: "user", LTime: 3, Name: "x", Payload: null };
    const bytes = pack(header(stream), header(stream), record, header(members), { Members: null });
    const more = pack(header(stream), record);
    expect(session.receive(Buffer.concat([bytes, more]))).toEqual([
      { kind: "reply", seq: stream, body: undefined },
      { kind: "record", seq: stream, record },
      { kind: "reply", seq: members, body: { Members: null } },
      { kind: "record", seq: stream, record },
    ]);
  });

  it.each<[string, (session: RpcSession) => readonly unknown[]]>([
    ["nobody asked", () => [header(9)]],
    ["without a header", () => [{ Members: [] }]],
    [
      "twice",
      (session) => {
        const { seq } = session.request("event", "nothing");
        return [header(seq), header(seq)];
      },
    ],
    [
      "without its body",
      (session) => {
        const { seq } = session.request("members", "body");
        session.request("stats", "body");
        return [header(seq), header(seq + 1)];
      },
    ],
    ["with a number for a body", (session) => [header(session.request("members", "body").seq), 5]],
    [
      "with an error on an open stream",
      (session) => {
        const { seq } = session.request("stream", "stream");
        return [header(seq), header(seq, "gone")];
      },
    ],
    ["that is HTTP", () => [72]],
  ])("%s is a broken protocol", (_what, answer) => {
    const session = new RpcSession();
    const bytes = pack(...answer(session));
    const receive = (): unknown => session.receive(bytes);
    expect(receive).toThrow(MeshError);
    expect(receive).toThrow(/does not speak Serf's RPC/);
  });

  it("of any bytes is outputs or a broken protocol", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(200), (bytes, from) => {
        const session = new RpcSession();
        const { seq } = session.request("members", "body");
        const good = pack(header(seq), { Members: [{ Name: "a" }] });
        const bent = Buffer.concat([good.subarray(0, from % good.length), bytes]);
        try {
          session.receive(bent);
        } catch (error) {
          expect(error).toBeInstanceOf(MeshError);
        }
      }),
    );
  });
});
