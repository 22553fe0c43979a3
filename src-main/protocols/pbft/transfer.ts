/**
 * State transfer (section 5.3.2 of the thesis; the paper leaves it out): a replica behind a stable
 * checkpoint fetches its state page by page. The certificate proves the digest, the digest the list
 * of pages, and the list each page, so it does not matter who sends them.
 */
import type { NodeId } from "#main/kernel/machine.ts";
import { hex, sha256 } from "#main/kernel/sha256.ts";
import { type Micros, ms } from "#main/kernel/time.ts";
import type { Checkpoints } from "./checkpoints.ts";
import type { Replica } from "./replica.ts";
import { type Manifest, pageOf, readManifest } from "./snapshots.ts";
import type { CheckpointCertificate, Fetch, Page } from "./types.ts";

interface Fetching {
  readonly certificate: CheckpointCertificate;
  manifest: Manifest | null;
  readonly pages: Uint8Array[];
  retryAt: Micros;
}

export class Transfer {
  readonly #replica: Replica;
  readonly #checkpoints: Checkpoints;
  readonly #onInstalled: () => void;
  #fetching: Fetching | null = null;
  /** When a replica that is behind stops hoping to catch up by itself. */
  #startAt: Micros | null = null;
  /** Whose turn it is to be asked. */
  #turn = 0;

  constructor(replica: Replica, checkpoints: Checkpoints, onInstalled: () => void) {
    this.#replica = replica;
    this.#checkpoints = checkpoints;
    this.#onInstalled = onInstalled;
  }

  get due(): Micros | null {
    return this.#fetching?.retryAt ?? this.#startAt;
  }

  /** Looks whether there is something to fetch. */
  update(): void {
    const { now, options } = this.#replica;
    if (this.#checkpoints.ahead === null) {
      this.#fetching = null;
      this.#startAt = null;
    } else if (this.#fetching === null) {
      this.#startAt ??= now + ms(options.transferAfterMs);
    }
  }

  onTimer(): void {
    const { ahead } = this.#checkpoints;
    const { due } = this;
    if (ahead === null || due === null || due > this.#replica.now) {
      return;
    }
    this.#startAt = null;
    if (this.#fetching === null || ahead.sequence > this.#fetching.certificate.sequence) {
      this.#fetching = { certificate: ahead, manifest: null, pages: [], retryAt: 0 };
    }
    this.#turn++;
    this.#ask(this.#fetching);
  }

  onFetch(from: NodeId, { sequence, page }: Fetch): void {
    const { self: sender, options, stable } = this.#replica;
    const snapshot = this.#checkpoints.snapshotAt(sequence);
    if (snapshot === undefined) {
      if (stable !== null && stable.sequence > sequence) {
        this.#replica.send(from, stableMessage(this.#replica, stable));
      }
      return;
    }
    if (page === 0) {
      this.#checkpoints.tellSent(snapshot);
    }
    const bytes = page === 0 ? snapshot.manifest : pageOf(snapshot.bytes, page, options.pageBytes);
    const unsigned = { type: "page", view: 0, sequence, sender, page, bytes } as const;
    this.#replica.send(from, this.#replica.sign(unsigned));
  }

  onPage(from: NodeId, { sequence, page, bytes }: Page): void {
    const fetching = this.#fetching;
    if (fetching === null || fetching.certificate.sequence !== sequence) {
      return;
    }
    const expected = fetching.manifest === null ? 0 : fetching.pages.length + 1;
    if (page !== expected) {
      return;
    }
    const digest = hex(sha256(bytes));
    const { certificate, manifest, pages } = fetching;
    if (digest !== (manifest === null ? certificate.digest : manifest.pages[page - 1])) {
      this.#replica.reject(from, "a page of a state that is not the agreed one");
      this.#turn++;
      this.#ask(fetching);
      return;
    }
    if (manifest === null) {
      fetching.manifest = readManifest(bytes);
    } else {
      pages.push(bytes);
    }
    if (fetching.manifest !== null && pages.length === fetching.manifest.pages.length) {
      this.#install(fetching);
    } else {
      this.#ask(fetching);
    }
  }

  #ask(fetching: Fetching): void {
    const { self: sender, now, options } = this.#replica;
    const sources = fetching.certificate.votes
      .map((vote) => vote.sender)
      .filter((member) => member !== sender);
    fetching.retryAt = now + ms(options.fetchTimeoutMs);
    const source = sources[this.#turn % Math.max(1, sources.length)];
    if (source !== undefined) {
      const { sequence } = fetching.certificate;
      const page = fetching.manifest === null ? 0 : fetching.pages.length + 1;
      const message = this.#replica.sign({ type: "fetch", view: 0, sequence, sender, page });
      this.#replica.send(source, message);
    }
  }

  #install({ certificate, manifest, pages }: Fetching): void {
    this.#fetching = null;
    const bytes = new Uint8Array(manifest?.length ?? 0);
    let at = 0;
    for (const page of pages) {
      bytes.set(page, at);
      at += page.length;
    }
    this.#replica.state.restore(bytes);
    this.#checkpoints.install(certificate, bytes);
    this.#onInstalled();
  }
}

export function stableMessage(replica: Replica, certificate: CheckpointCertificate) {
  const { self: sender } = replica;
  const { sequence } = certificate;
  return replica.sign({ type: "stable", view: 0, sequence, sender, certificate });
}
