import { type ReactNode, useEffect, useState } from "react";

/** Frames of the last second, for people who work on the console. */
export function Fps(): ReactNode {
  const [fps, setFps] = useState(0);
  useEffect(() => {
    let frames = 0;
    let since = performance.now();
    let handle = requestAnimationFrame(function count(now) {
      frames += 1;
      if (now - since >= 1_000) {
        setFps(Math.round((frames * 1_000) / (now - since)));
        frames = 0;
        since = now;
      }
      handle = requestAnimationFrame(count);
    });
    return () => cancelAnimationFrame(handle);
  }, []);
  return <span className="status-bar__item">{fps} fps</span>;
}
