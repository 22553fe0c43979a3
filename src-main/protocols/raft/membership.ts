/**
 * Changes of who votes: one at a time, through a joint configuration in which both the old and the
 * new voters must agree (Raft section 6). A configuration rules from the moment it is appended.
 */
import { assert } from "#main/kernel/assert.ts";
import { ms } from "#main/kernel/time.ts";
import {
  configProblem,
  encodeConfig,
  type GroupConfig,
  isJoint,
  isMember,
  isVoter,
  makeConfig,
  sameConfig,
} from "./config.ts";
import type { Asker, Leadership, Tell } from "./leadership.ts";
import { refused } from "./outcomes.ts";
import type { Replication } from "./replication.ts";
import { becomeFollower } from "./roles.ts";
import type { RaftState } from "./state.ts";
import type { Ask } from "./types.ts";

type Reconfigure = Extract<Ask, { order: "reconfigure" }>;

/** A member that left gets this many election timeouts to learn of it. */
const FAREWELL_TIMEOUTS = 10;
const EMPTY = new Uint8Array(0);

export class Membership {
  readonly #state: RaftState;
  readonly #replication: Replication;
  readonly #tell: Tell;

  constructor(state: RaftState, replication: Replication, tell: Tell) {
    this.#state = state;
    this.#replication = replication;
    this.#tell = tell;
  }

  /** The leader is asked for a change. */
  begin(asker: Asker, { voters, learners }: Reconfigure): void {
    const { config } = this.#state;
    const problem = configProblem(voters, learners);
    if (problem !== null) {
      this.#tell(asker, refused("bad-change", problem));
      return;
    }
    const target = makeConfig(voters, learners);
    const obstacle = this.#obstacle();
    if (obstacle !== null) {
      this.#tell(asker, refused("busy", obstacle));
    } else if (sameConfig(config, target)) {
      this.#tell(asker, refused("bad-change", "the group is that already"));
    } else {
      this.#leadership().changeAsker = asker;
      this.#append(firstStep(config, target));
    }
  }

  /** The commit index moved: a change may go on, or be complete. */
  committed(): void {
    const { configs, commit, self, term, config } = this.#state;
    const { index } = configs.latest;
    if (index > commit) {
      return;
    }
    if (isJoint(config)) {
      this.#append(makeConfig(config.voters, config.learners));
      return;
    }
    const leadership = this.#leadership();
    if (leadership.changeAsker !== null) {
      this.#tell(leadership.changeAsker, { ok: true, index, result: EMPTY });
      leadership.changeAsker = null;
    }
    if (!isVoter(config, self)) {
      becomeFollower(this.#state, { term, leader: null, reason: "removed" });
    }
  }

  /** Stops replicating to members that left once they know, or had time enough to learn it. */
  letGo(): void {
    const { config, configs, commit, now, options } = this.#state;
    const { progress } = this.#leadership();
    const { index } = configs.latest;
    for (const [node, peer] of progress) {
      if (isMember(config, node)) {
        peer.leaveBy = null;
        continue;
      }
      peer.leaveBy ??= now + FAREWELL_TIMEOUTS * ms(options.electionTimeoutMaxMs);
      if ((index <= commit && peer.toldCommit >= index) || now >= peer.leaveBy) {
        progress.delete(node);
      }
    }
  }

  /** Why no change may begin now, or null. */
  #obstacle(): string | null {
    const { configs, commit, config, log, term } = this.#state;
    if (isJoint(config) || configs.latest.index > commit) {
      return "another change of the members is under way";
    }
    // Without it a change of an earlier leader could still come back (raft-dev, July 2015).
    return log.term(commit) === term ? null : "this term has committed nothing yet";
  }

  #append(config: GroupConfig): void {
    this.#replication.append([this.#state.draft("config", encodeConfig(config))]);
  }

  #leadership(): Leadership {
    const { leadership } = this.#state;
    assert(leadership !== null, "only a leader changes the members");
    return leadership;
  }
}

/** Learners come and go in one step; voters through both majorities. */
function firstStep(from: GroupConfig, to: GroupConfig): GroupConfig {
  return from.voters.join("\n") === to.voters.join("\n")
    ? to
    : makeConfig(to.voters, to.learners, from.voters);
}
