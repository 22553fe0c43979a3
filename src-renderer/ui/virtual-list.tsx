import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown } from "lucide-react";
import { type ReactNode, useLayoutEffect, useRef } from "react";
import { Button } from "./button.tsx";
import { cx } from "./cx.ts";
import "./virtual-list.css";

/** Closer to the end than this counts as being there, CSS pixels. */
const AT_END = 24;

export interface VirtualListProps {
  readonly label: string;
  readonly count: number;
  /** Height of a row that was not measured yet, CSS pixels. */
  readonly rowHeight: number;
  readonly keyOf: (index: number) => string | number;
  readonly row: (index: number) => ReactNode;
  /** Stays at the end while rows come in; scrolling up ends it. */
  readonly following: boolean;
  readonly onFollow: (following: boolean) => void;
  readonly resumeLabel: string;
  readonly className?: string;
}

/** Rows of any number and height, oldest first. Only those in sight are in the document. */
export function VirtualList(props: VirtualListProps): ReactNode {
  const { label, count, rowHeight, keyOf, row, following, onFollow, resumeLabel } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: keyOf,
    overscan: 12,
  });
  const total = virtualizer.getTotalSize();

  useLayoutEffect(() => {
    const element = scroller.current;
    if (following && element !== null) element.scrollTop = element.scrollHeight;
  }, [following, total, count]);

  const noteScroll = (wentUp: boolean) => {
    const element = scroller.current;
    if (element === null) return;
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < AT_END;
    if (following && wentUp && !atEnd) onFollow(false);
    if (!following && !wentUp && atEnd) onFollow(true);
  };

  return (
    <div className={cx("virtual-list", props.className)}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <div
        ref={scroller}
        className="virtual-list__scroller"
        role="region"
        aria-label={label}
        tabIndex={0}
        onWheel={(event) => noteScroll(event.deltaY < 0)}
        onKeyUp={(event) => noteScroll(["ArrowUp", "PageUp", "Home"].includes(event.key))}
        onPointerUp={() => noteScroll(true)}
        onScroll={() => noteScroll(false)}
      >
        <ul className="virtual-list__space" style={{ height: total }}>
          {virtualizer.getVirtualItems().map((item) => (
            <li
              key={item.key}
              ref={virtualizer.measureElement}
              data-index={item.index}
              className="virtual-list__row"
              style={{ transform: `translateY(${item.start}px)` }}
              aria-setsize={count}
              aria-posinset={item.index + 1}
            >
              {row(item.index)}
            </li>
          ))}
        </ul>
      </div>
      {following || count === 0 ? null : (
        <div className="virtual-list__resume">
          <Button size="sm" variant="primary" icon={<ArrowDown />} onClick={() => onFollow(true)}>
            {resumeLabel}
          </Button>
        </div>
      )}
    </div>
  );
}
