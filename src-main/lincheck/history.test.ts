import { describe, expect, it } from "vitest";
import { type History, parseHistory } from "./history.ts";
import { MAX_LINE_CHARS, MAX_NAME_CHARS } from "./limits.ts";

function refusal(text: string): string {
  try {
    parseHistory(text);
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  return "accepted";
}

/** Lines on a register, invocations first. */
function lines(...events: readonly object[]): string {
  return [{ model: "register" }, ...events].map((event) => JSON.stringify(event)).join("\n");
}

const WRITE = { type: "invoke", process: 0, f: "write", value: 1 };
const READ = { type: "invoke", process: 1, f: "read" };

describe("a history file", () => {
  it("may have CR LF, blank lines, a byte order mark, unknown fields, and no last line end", () => {
    const text = [
      '\uFEFF{"model":"register","initial":0,"made by":"a tool"}',
      "",
      '{"index":0,"type":"invoke","process":"a","f":"write","key":"x","value":1,"time":5,"error":[]}',
      '{"index":1,"type":"ok","process":"a","time":6.5,"node":"n1"}',
    ].join("\r\n");
    const { model, counts, objects } = parseHistory(text);
    expect({ model, counts }).toEqual({
      model: "register",
      counts: { operations: 1, ok: 1, failed: 0, unknown: 0 },
    });
    expect(objects.keys).toMatchObject([
      { key: '"x"', operations: [{ place: { invokeLine: 3, endLine: 4, endTime: 6.5 } }] },
    ]);
  });

  it("counts a pending invocation as unknown, and leaves out what failed", () => {
    const { counts, objects } = parseHistory(lines(WRITE, READ, { type: "fail", process: 1 }));
    expect(counts).toEqual({ operations: 2, ok: 0, failed: 1, unknown: 1 });
    expect(objects.keys).toMatchObject([{ operations: [{ end: Infinity }] }]);
  });

  it("says nothing with the events of the nemesis", () => {
    const kill = { type: "info", process: "nemesis", f: "kill", value: { nodes: ["n1"] } };
    const { counts } = parseHistory(lines(kill, WRITE, kill, { type: "ok", process: 0 }));
    expect(counts.operations).toBe(1);
  });

  it('keeps 1 and "1" apart, as keys, values and processes', () => {
    const history = parseHistory(
      lines(
        { ...WRITE, key: 1 },
        { ...WRITE, process: "0", key: "1", value: "1" },
        { type: "ok", process: 0 },
        { type: "ok", process: "0" },
      ),
    );
    expect(history.objects.keys.map(({ key }) => key)).toEqual(["1", '"1"']);
  });

  it("compares values by what they mean", () => {
    const { objects } = parseHistory(
      lines({ ...WRITE, value: { b: [1.0], a: null } }, { type: "ok", process: 0 }, READ, {
        type: "ok",
        process: 1,
        value: { a: null, b: [1] },
      }),
    );
    const calls = objects.kind === "register" ? objects.keys[0]?.operations : undefined;
    expect(calls?.[0]?.call).toEqual({ kind: "write", value: { text: '{"a":null,"b":[1]}' } });
    expect(calls?.[1]?.call).toMatchObject({ kind: "read", value: { text: '{"a":null,"b":[1]}' } });
  });
});

const invoke = (f: string, value?: unknown): string =>
  JSON.stringify({ type: "invoke", process: 0, f, value });
const ok = (value?: unknown): string => JSON.stringify({ type: "ok", process: 0, value });

describe("the model", () => {
  const kindOf = (...texts: readonly string[]): History["model"] =>
    parseHistory(texts.join("\n")).model;

  it("is told by the operations where only one fits", () => {
    expect(kindOf(invoke("cas", [1, 2]))).toBe("register");
    expect(kindOf(invoke("dec"))).toBe("counter");
    expect(kindOf(invoke("remove", 1))).toBe("set");
    expect(kindOf(invoke("add", 1), ok(), invoke("read"), ok([1]))).toBe("set");
    expect(kindOf(invoke("add", 1), ok(), invoke("read"), ok(1))).toBe("counter");
  });

  it("is asked for where more than one would do", () => {
    expect(refusal(`${invoke("add", 1)}\n${ok()}`)).toMatch(/do not tell the model/);
    expect(refusal(`${invoke("read")}\n${ok(1)}`)).toMatch(/do not tell the model/);
  });

  it("of the options counts more than the header's", () => {
    const text = `{"model":"counter"}\n${invoke("add", 1)}`;
    expect(parseHistory(text, { model: "set" }).model).toBe("set");
  });
});

const header = (model: string, initial?: unknown): string => JSON.stringify({ model, initial });

describe("a bad history is refused with its line:", () => {
  it.each<[string, readonly string[], RegExp]>([
    ["nothing at all", [], /holds no operation/],
    ["only blank lines", ["", "  "], /holds no operation/],
    ["only a header", [header("register")], /holds no operation/],
    ["no JSON", [header("register"), "{"], /line 2: not JSON\.$/],
    ["a line cut off", [invoke("write", 1).slice(0, 30)], /line 1: not JSON/],
    ["EDN", ["{:type :invoke, :f :read}"], /line 1: not JSON; this looks like EDN/],
    ["a list", ["[]"], /line 1: not an object/],
    ["a number", [invoke("read"), "7"], /line 2: not an object/],
    ["a second header", [header("set"), header("set")], /line 2: a second header/],
    ["a late header", [invoke("read"), header("set")], /line 2: the header comes before/],
    ["an unknown model", [header("queue")], /line 1: model must be register, .*, not "queue"/],
    ["no type", ['{"process":1,"f":"read"}'], /line 1: type must be .* not missing/],
    ["an unknown type", ['{"type":"start","process":1}'], /line 1: type must be .* not "start"/],
    ["no process", ['{"type":"invoke","f":"read"}'], /line 1: process must be .* not missing/],
    ["a process in pieces", ['{"type":"invoke","process":1.5,"f":"read"}'], /process must be/],
    ["no f", ['{"type":"invoke","process":1}'], /line 1: an invocation needs f/],
    ["an f of numbers", ['{"type":"invoke","process":1,"f":1}'], /line 1: f must be text/],
    ["a list as key", ['{"type":"invoke","process":1,"f":"read","key":[]}'], /key must be/],
    ["a completion alone", [ok(1)], /line 1: ok without an invocation of process 0/],
    [
      "two completions",
      [invoke("write", 1), ok(), ok()],
      /line 3: ok without an invocation of process 0/,
    ],
    [
      "two invocations at once",
      [invoke("write", 1), invoke("write", 2)],
      /line 2: process 0 has an operation under way already, since line 1/,
    ],
    [
      "another f",
      [invoke("write", 1), '{"type":"ok","process":0,"f":"read"}'],
      /line 2: ok of "read", but line 1 invoked "write"/,
    ],
    [
      "another key",
      [invoke("write", 1), '{"type":"ok","process":0,"key":"y"}'],
      /line 2: ok for key "y", but line 1 invoked it for no key/,
    ],
    [
      "time backwards",
      [
        '{"type":"invoke","process":0,"f":"read","time":9}',
        '{"type":"ok","process":0,"value":1,"time":8}',
      ],
      /line 2: time 8 comes after time 9 of line 1/,
    ],
    [
      "an index twice",
      ['{"type":"invoke","process":0,"f":"read","index":1}', '{"type":"ok","process":0,"index":1}'],
      /line 2: index 1 comes after index 1/,
    ],
    ["a time in words", ['{"type":"invoke","process":0,"f":"read","time":"now"}'], /time must be/],
    ["a number too large to be exact", [invoke("write", 2 ** 53)], /line 1: a whole number beyond/],
    [
      "a number too large to be one",
      ['{"type":"invoke","process":0,"f":"write","value":1e999}'],
      /too large/,
    ],
    [
      "a value without bottom",
      [invoke("write", "V").replace('"V"', "[".repeat(20) + "]".repeat(20))],
      /nested/,
    ],
    ["a line too long", [invoke("write", "x".repeat(MAX_LINE_CHARS))], /line 1: longer than/],
    [
      "a name too long",
      [`{"type":"invoke","process":0,"f":"read","key":"${"x".repeat(MAX_NAME_CHARS + 1)}"}`],
      /line 1: key must be a whole number or text of 1 to 256/,
    ],
    ["no such f", [header("set"), invoke("pop", 1)], /line 2: a set has no "pop": it knows add/],
    ["a write of nothing", [invoke("write")], /line 1: a write needs a value/],
    ["an ok of another write", [invoke("write", 1), ok(2)], /line 2: the ok of write says another/],
    [
      "a read of nothing",
      [header("register"), invoke("read"), ok()],
      /line 3: the ok of a read needs/,
    ],
    [
      "a read with a wish",
      [header("register"), invoke("read", 1)],
      /line 2: a read is invoked without/,
    ],
    ["a cas without a pair", [invoke("cas", 1)], /line 1: the value of a cas is a pair/],
    [
      "a counter of words",
      [header("counter"), invoke("add", "1")],
      /line 2: the value of add of a counter/,
    ],
    ["an add of nothing", [header("counter"), invoke("add")], /line 2: the value of add/],
    ["a count in pieces", [header("counter"), invoke("read"), ok(0.5)], /line 3: what a read saw/],
    [
      "a counter that begins with a list",
      [header("counter", []), invoke("inc")],
      /line 1: the initial value/,
    ],
    [
      "sums too large to be exact",
      [header("counter"), invoke("inc", 2 ** 53 - 1), ok(), invoke("inc"), ok()],
      /line 4: the counter could leave/,
    ],
    [
      "a set that reads a number",
      [header("set"), invoke("read"), ok(3)],
      /line 3: what a read saw of a set must/,
    ],
    [
      "a set with one element twice",
      [header("set"), invoke("read"), ok([3, 3])],
      /line 3: .* twice/,
    ],
    ["an element of nothing", [header("set"), invoke("add")], /line 2: add needs an element/],
    [
      "a contains that answers 1",
      [header("set"), invoke("contains", 1), ok(1)],
      /line 3: .* true or false/,
    ],
  ])("%s", (_what, texts, message) => {
    const text = refusal(texts.join("\n"));
    expect(text).toMatch(/^MeshError: /);
    expect(text).toMatch(message);
  });
});
