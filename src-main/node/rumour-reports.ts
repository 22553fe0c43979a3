/** What a node says about the cost of rumours: sums since it last said so, for active ones only. */
import type { MeshEventBody } from "#shared/contract/events.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import { rumourKey } from "#main/protocols/gossip/rumour-id.ts";
import type { RumourId, RumourTraffic } from "#main/protocols/gossip/types.ts";

/** Rumours watched at a time; the oldest is let go first. */
const MAX_WATCHED = 64;
/** A rumour that cost nothing for this many rounds is no longer watched. */
const QUIET_ROUNDS = 10;

interface Watched {
  readonly id: RumourId;
  messages: number;
  bytes: number;
  quiet: number;
}

export class RumourReports {
  readonly #watched = new Map<string, Watched>();

  watch(id: RumourId): void {
    this.#watched.set(rumourKey(id), { id, messages: 0, bytes: 0, quiet: 0 });
    if (this.#watched.size > MAX_WATCHED) {
      const oldest = this.#watched.keys().next();
      if (!oldest.done) {
        this.#watched.delete(oldest.value);
      }
    }
  }

  /** Called once a round; `traffic` reads the sums of a rumour since this life began. */
  report(
    node: NodeId,
    traffic: (id: RumourId) => RumourTraffic | undefined,
  ): readonly MeshEventBody[] {
    const reports: MeshEventBody[] = [];
    for (const [rumour, watched] of this.#watched) {
      const sum = traffic(watched.id);
      const messages = (sum?.messages ?? 0) - watched.messages;
      const bytes = (sum?.bytes ?? 0) - watched.bytes;
      if (sum === undefined || messages === 0) {
        watched.quiet++;
        if (watched.quiet >= QUIET_ROUNDS) {
          this.#watched.delete(rumour);
        }
        continue;
      }
      watched.messages = sum.messages;
      watched.bytes = sum.bytes;
      watched.quiet = 0;
      reports.push({ type: "rumour.traffic", node, rumour, messages, bytes });
    }
    return reports;
  }
}
