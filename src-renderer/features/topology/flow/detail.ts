import { createContext } from "react";
import type { Detail } from "../graph/lod.ts";

/** How much of a card can be read at the zoom of the drawing. */
export const DetailContext = createContext<Detail>("full");
