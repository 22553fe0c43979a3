/** `npm run types`: type-checks every layer. */
import { checkTypes } from "./steps/static.ts";

const { failed, output } = await checkTypes();
process.stdout.write(output);
process.exitCode = failed > 0 ? 1 : 0;
