/** Addresses that may leave the application for the person's browser. */
const ALLOWED_HOSTS: ReadonlySet<string> = new Set(["github.com", "www.serf.io"]);

export function isAllowedExternally(address: string): boolean {
  const url = URL.parse(address);
  return (
    url !== null &&
    url.protocol === "https:" &&
    url.port === "" &&
    url.username === "" &&
    url.password === "" &&
    ALLOWED_HOSTS.has(url.hostname)
  );
}
