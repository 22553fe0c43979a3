export default {
  title: "Invariants",
  about: "What must hold whatever happens, checked against everything that every node tells.",
  label: "Invariants",
  noWords: "This console has no words for it yet.",
  jump: "Look at {{at}}",
  checks_one: "{{shown}} check",
  checks_other: "{{shown}} checks",
  violations_one: "broken {{count}} time",
  violations_other: "broken {{count}} times",
  moreNodes: "and {{count}} more",
  state: { held: "held", broken: "broken", watched: "watched", unknown: "not checked so far" },
  verdict: {
    held: "Nothing was broken",
    broken_one: "{{count}} promise broken",
    broken_other: "{{count}} promises broken",
    checked_one: "{{count}} promise, checked {{checks}} times",
    checked_other: "{{count}} promises, checked {{checks}} times",
  },
  empty: {
    engine: {
      title: "Not checked here",
      text: "To check them, one has to know more than any node does. An attached engine tells only what its own agents see, so whether they hold is unknown.",
    },
    none: {
      title: "Nothing was checked so far",
      text: "The simulator tells now and then how often it looked. Until it does, whether they hold is unknown.",
    },
  },
  group: {
    agreement: "Agreement",
    raft: "Raft",
    pbft: "pBFT",
    memory: "Answers and memory",
    membership: "Membership and gossip",
    world: "The simulator itself",
    other: "Others",
  },
  name: {
    "state-machine-safety": "Same place, same entry",
    "equal-states": "Equal states",
    "execution-order": "Executed in order",
    "commit-monotonic": "Decided stays decided",
    "applied-is-committed": "Only what is decided is executed",
    "term-monotonic": "Terms only rise",
    "equal-snapshots": "Equal snapshots",
    "evidence-is-true": "Evidence convicts traitors alone",
    "election-safety": "One leader a term",
    "log-matching": "Logs match",
    "leader-completeness": "A leader has everything decided",
    "committed-is-kept": "What is decided is kept",
    "commit-agrees": "All hold the same for decided",
    "prepared-unique": "One prepared request a place",
    "answered-is-agreed": "What is answered is agreed",
    "read-only-writes-nothing": "Read-only means no writes",
    "memory-converges": "Memory converges",
    "dead-needs-quorum": "A death takes a quorum",
    "certificate-is-quorum": "Certificates hold a quorum",
    "no-false-death": "Nobody is declared dead by mistake",
    "incarnation-monotone": "Incarnations only rise",
    "read-only-publishes-nothing": "Read-only means no rumours",
    "equal-members": "All know the same members",
    "equal-rumours": "All know the same rumours",
    conservation: "No message is just gone",
    "time-monotone": "Time goes forward",
    "durable-before-send": "On disk before it is said",
    "node-does-not-fail": "No node fails by a bug",
  },
  text: {
    "state-machine-safety":
      "No two honest nodes execute different entries at the same place of the log.",
    "equal-states": "After the same entry, honest nodes hold the same state.",
    "execution-order": "A node executes entries one after the other, without gaps.",
    "commit-monotonic": "How far a node holds the log for decided never goes back.",
    "applied-is-committed": "A node executes no entry that is not decided.",
    "term-monotonic":
      "The term or view of a node never goes back, not even over a restart, unless its disk was lost.",
    "equal-snapshots": "Snapshots of the same place of the log are the same on all nodes.",
    "evidence-is-true": "No honest node is ever accused with a proof.",
    "election-safety": "In one term at most one node leads.",
    "log-matching":
      "Where two logs have an entry of the same index and term, it is the same entry, after the same entries.",
    "leader-completeness": "Whoever leads a later term has every entry that was decided before.",
    "committed-is-kept": "No node throws away an entry that is decided.",
    "commit-agrees": "What one node holds for decided at a place is what all others hold there.",
    "prepared-unique":
      "In one view, at one sequence number, only one request can gather a certificate of prepares.",
    "answered-is-agreed":
      "Who is told “done” is told the truth: the entry of the answer is decided.",
    "read-only-writes-nothing":
      "A write that a node took in while it was read-only is not carried out.",
    "memory-converges":
      "Left in peace, all running nodes come to hold the same values. Checked at the end of a quiet run.",
    "dead-needs-quorum":
      "No member is dead at two or more nodes without a certificate by a quorum.",
    "certificate-is-quorum": "A certificate of a death is signed by enough different members.",
    "no-false-death":
      "A node that runs, can be reached and was left in peace is not declared dead.",
    "incarnation-monotone":
      "What a node knows of a member's incarnation never goes back while the node lives.",
    "read-only-publishes-nothing": "A node that said it is read-only accepts no rumour.",
    "equal-members":
      "Left in peace, all running nodes know the same members. Checked at the end of a quiet run.",
    "equal-rumours":
      "Left in peace, all running nodes know the same rumours. Checked at the end of a quiet run.",
    conservation: "Every message sent is on its way, delivered, or dropped for a reason.",
    "time-monotone": "The time of the mesh never goes back.",
    "durable-before-send":
      "A node sends nothing that rests on records which are not on its disk yet.",
    "node-does-not-fail": "No input makes a node's own program fail.",
  },
};
