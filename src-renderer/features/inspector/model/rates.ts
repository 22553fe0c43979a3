import type { MetricsWindow } from "#shared/view/model.ts";

export interface RateRow {
  readonly delivered: number | undefined;
  readonly dropped: number | undefined;
  readonly bytes: number | undefined;
  readonly latencyMs: number | undefined;
}

/** Per second of mesh time. A window without length says nothing. */
export function ratesOf(windows: readonly MetricsWindow[], last: number): readonly RateRow[] {
  return windows.slice(-last).map(({ windowUs, delivered, dropped, bytes, latencyMs }) => {
    const perSecond = (count: number): number | undefined =>
      windowUs === 0 ? undefined : (count * 1_000_000) / windowUs;
    return {
      delivered: perSecond(delivered),
      dropped: perSecond(dropped),
      bytes: perSecond(bytes),
      latencyMs,
    };
  });
}
