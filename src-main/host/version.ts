/** Of this program; the same as in package.json. */
export const MESHDECK_VERSION = "0.1.0";
