/**
 * The host's token reaches the page in the address's fragment, which browsers do not send. It moves
 * to the tab's own storage at once, so that it stays out of history, bookmarks and screenshots.
 */
const KEY = "meshdeck.token";
const IN_FRAGMENT = /(?:^#|&)token=([^&]*)/;
const MESH_IN_FRAGMENT = /(?:^#|&)mesh=([a-z0-9-]+)/;

export interface TokenPlaces {
  readonly fragment: string;
  /** Replaces the address by one without its fragment. */
  forgetFragment(): void;
  readonly storage: Pick<Storage, "getItem" | "setItem" | "removeItem">;
}

export function takeToken(places: TokenPlaces): string | undefined {
  const found = IN_FRAGMENT.exec(places.fragment)?.[1];
  if (found !== undefined && found !== "") {
    const token = decodeURIComponent(found);
    keepToken(places.storage, token);
    places.forgetFragment();
    return token;
  }
  try {
    return places.storage.getItem(KEY) ?? undefined;
  } catch {
    return undefined;
  }
}

/** The mesh that the address asks for: `#mesh=ID`, alone or beside the token. */
export function meshOf(fragment: string): string | undefined {
  return MESH_IN_FRAGMENT.exec(fragment)?.[1];
}

/** Without storage the token lives as long as the page. */
export function keepToken(storage: TokenPlaces["storage"], token: string | undefined): void {
  try {
    if (token === undefined) storage.removeItem(KEY);
    else storage.setItem(KEY, token);
  } catch {
    return;
  }
}
