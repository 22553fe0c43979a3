import { GraduationCap } from "lucide-react";
import type { Feature } from "../../app/feature.ts";
import { LessonCard } from "./card/lesson-card.tsx";
import { LESSON_COMMANDS } from "./commands.ts";
import { LessonGuide } from "./guide.tsx";
import { LessonsPage } from "./lessons-page.tsx";

export const lessons: Feature = {
  id: "lessons",
  view: {
    title: "lessons:title",
    icon: GraduationCap,
    order: 60,
    section: "console",
    keys: ["g u"],
    Component: LessonsPage,
    meshless: true,
  },
  inspector: [{ id: "lesson", order: 1, Component: LessonCard }],
  commands: LESSON_COMMANDS,
  Overlay: LessonGuide,
};
