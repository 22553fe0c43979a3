import { MeshError } from "#shared/contract/errors.ts";
import { cleanText } from "../../ui/text.ts";
import type { AppServices } from "../services.ts";

/** The words for a code in the chosen language, then what the host said. */
export function errorText(t: AppServices["t"], error: unknown): string {
  if (!(error instanceof MeshError)) return t("app:error.internal");
  return `${t(`app:error.${error.code}`)} ${cleanText(error.message, 300)}`;
}
