import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown } from "lucide-react";
import { type ReactNode, useEffect, useLayoutEffect, useRef } from "react";
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
  readonly renderRow: (index: number) => ReactNode;
  /** Stays at the end while rows come in; scrolling up ends it. */
  readonly following: boolean;
  readonly onFollow: (following: boolean) => void;
  readonly resumeLabel: string;
  /** Of any row. What can be clicked has to be a button, so that it works by keyboard too. */
  readonly onClick?: (event: Event) => void;
  /** Rows may be higher than `rowHeight`: each is measured. */
  readonly measured?: boolean;
  /** This row is scrolled into sight whenever it becomes another one; not while following. */
  readonly reveal?: number | undefined;
  readonly className?: string;
}

/** Rows of any number and height, oldest first. Only those in sight are in the document. */
export function VirtualList(props: VirtualListProps): ReactNode {
  const { label, count, rowHeight, keyOf, renderRow, following, onFollow, resumeLabel } = props;
  const { measured = false, onClick, reveal } = props;
  const scroller = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- its functions are only called in render.
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: keyOf,
    overscan: 6,
    useFlushSync: false,
  });
  const total = virtualizer.getTotalSize();

  useLayoutEffect(() => {
    const element = scroller.current;
    if (following && element !== null) element.scrollTop = element.scrollHeight;
  }, [following, total, count]);

  useEffect(() => {
    if (reveal !== undefined && !following) virtualizer.scrollToIndex(reveal);
  }, [virtualizer, reveal, following]);

  useEffect(() => {
    const element = scroller.current;
    return element === null ? undefined : watchScroll(element, onFollow);
  }, [onFollow]);

  useEffect(() => {
    const element = scroller.current;
    if (element === null || onClick === undefined) return undefined;
    element.addEventListener("click", onClick);
    return () => element.removeEventListener("click", onClick);
  }, [onClick]);

  return (
    <div className={cx("virtual-list", props.className)}>
      <div
        ref={scroller}
        className="virtual-list__scroller"
        role="region"
        aria-label={label}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls takes keys.
        tabIndex={0}
      >
        <ul className="virtual-list__space" style={{ height: total }}>
          {virtualizer.getVirtualItems().map((item) => (
            <li
              key={item.key}
              ref={measured ? virtualizer.measureElement : null}
              data-index={item.index}
              className="virtual-list__row"
              style={{ transform: `translateY(${item.start}px)` }}
              aria-setsize={count}
              aria-posinset={item.index + 1}
            >
              {renderRow(item.index)}
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

/**
 * Only a person ends following: the list itself scrolls too, and rows that are measured move it.
 * Coming back to the end takes it up again.
 */
function watchScroll(element: HTMLElement, onFollow: (following: boolean) => void): () => void {
  let lastTop = element.scrollTop;
  let byHand = false;
  const hand = () => {
    byHand = true;
  };
  const scrolled = () => {
    const wentUp = element.scrollTop < lastTop;
    lastTop = element.scrollTop;
    if (!byHand) return;
    const left = element.scrollHeight - element.scrollTop - element.clientHeight;
    if (left < AT_END) onFollow(true);
    else if (wentUp) onFollow(false);
  };
  const hands = ["wheel", "keydown", "pointerdown", "touchmove"] as const;
  for (const type of hands) element.addEventListener(type, hand, { passive: true });
  element.addEventListener("scroll", scrolled, { passive: true });
  return () => {
    for (const type of hands) element.removeEventListener(type, hand);
    element.removeEventListener("scroll", scrolled);
  };
}
