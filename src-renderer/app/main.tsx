import { z } from "zod";

// zod compiles its checks with `new Function` unless told not to, and the policy of the page forbids
// that. It decides when a schema is made, so the schemas are loaded only after this.
z.config({ jitless: true });

void import("./start.tsx").then(({ start }) => start());
