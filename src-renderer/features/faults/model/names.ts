/** Names of nodes as people type them: parted by spaces or commas. */
export function parseNames(
  text: string,
  known: readonly string[],
): { readonly nodes: readonly string[]; readonly unknown: readonly string[] } {
  const exact = new Set(known);
  // A lone wrong case is no reason to refuse: "e" means E, where no other node is called that.
  const folded = new Map<string, string | undefined>();
  for (const id of known) {
    const key = id.toLowerCase();
    folded.set(key, folded.has(key) ? undefined : id);
  }
  const nodes = new Set<string>();
  const unknown: string[] = [];
  for (const word of text.split(/[\s,;]+/).filter((part) => part !== "")) {
    const id = exact.has(word) ? word : folded.get(word.toLowerCase());
    if (id === undefined) unknown.push(word);
    else nodes.add(id);
  }
  return { nodes: [...nodes], unknown };
}
