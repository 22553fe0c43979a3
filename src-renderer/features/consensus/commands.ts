import { ArrowDownToLine } from "lucide-react";
import { leadership } from "#shared/view/select/leadership.ts";
import { type Command, HIDDEN, OFF_NO_MESH, ON, off } from "../../app/commands/command.ts";

export const CONSENSUS_COMMANDS: readonly Command[] = [
  {
    id: "consensus.stepDown",
    title: "consensus:command.stepDown",
    group: "mesh",
    icon: ArrowDownToLine,
    danger: true,
    when(app) {
      const { mesh } = app.console.getState();
      if (mesh === undefined) return OFF_NO_MESH;
      const { state } = leadership(mesh.view);
      if (state === "unknown" || state === "leaderless") return HIDDEN;
      const refusal = app.refusal("consensus.transfer");
      if (refusal !== undefined) return off(refusal);
      return state === "led" ? ON : off("consensus:lead.nobody");
    },
    async run(app) {
      await app.perform({ type: "consensus.transfer" });
    },
    preview: () => ({ type: "consensus.transfer" }),
  },
];
