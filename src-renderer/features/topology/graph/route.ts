/** Whether a traced route goes from `a` straight to `b`, or back. */
export function isHop(route: readonly string[] | undefined, a: string, b: string): boolean {
  if (route === undefined) return false;
  return route.some((hop, i) => {
    const next = route[i + 1];
    return (hop === a && next === b) || (hop === b && next === a);
  });
}
