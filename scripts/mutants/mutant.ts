/**
 * A planted bug: one text of one source file replaced by another, and the tests that have to notice.
 */
export interface Mutant {
  /** Lower-case words joined by hyphens; never reused. */
  readonly id: string;
  /** What the program does wrong with it, in plain words. */
  readonly title: string;
  /** Path from the root, as are the tests. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly old: string;
  readonly new: string;
  /** At least one of them has to fail. */
  readonly tests: readonly string[];
}

/** The file's text with the bug in it; null when the old text is not there exactly once. */
export function planted(text: string, mutant: Mutant): string | null {
  const at = text.indexOf(mutant.old);
  if (at < 0 || text.includes(mutant.old, at + 1)) {
    return null;
  }
  return text.slice(0, at) + mutant.new + text.slice(at + mutant.old.length);
}
