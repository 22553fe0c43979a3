/**
 * Guards against pages elsewhere: a site that makes its name point to this machine (DNS
 * rebinding) shows itself in the Host header, a site that opens a socket to us in Origin.
 */

export interface Audience {
  /** Names and addresses the gateway answers to, lower case, without port. */
  readonly hosts: readonly string[];
  readonly port: number;
  readonly secure: boolean;
}

export const LOOPBACK_HOSTS: readonly string[] = ["127.0.0.1", "localhost", "[::1]"];

export function isLoopback(address: string): boolean {
  return address === "localhost" || address === "::1" || /^127(\.\d{1,3}){3}$/.test(address);
}

export function hostAllowed(audience: Audience, host: string | undefined): boolean {
  if (host === undefined) return false;
  return authorities(audience).includes(host.toLowerCase());
}

/** Programs that are no browsers send no Origin; a browser always does for a socket. */
export function originAllowed(audience: Audience, origin: string | undefined): boolean {
  if (origin === undefined) return true;
  const scheme = audience.secure ? "https" : "http";
  return authorities(audience).some(
    (authority) => origin.toLowerCase() === `${scheme}://${authority}`,
  );
}

function authorities(audience: Audience): readonly string[] {
  const isDefaultPort = audience.port === (audience.secure ? 443 : 80);
  return audience.hosts.flatMap((host) =>
    isDefaultPort ? [host, `${host}:${audience.port}`] : [`${host}:${audience.port}`],
  );
}
