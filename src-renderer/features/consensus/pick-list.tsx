import { type ReactNode, useCallback, useState } from "react";
import { VirtualList } from "../../ui/virtual-list.tsx";

export interface PickListProps {
  readonly label: string;
  readonly resumeLabel: string;
  /** Oldest first. */
  readonly keys: readonly string[];
  readonly rowHeight: number;
  /** `undefined`: the newest, whichever that is. */
  readonly onPick: (key: string | undefined) => void;
  readonly renderRow: (index: number) => ReactNode;
}

/** A long list of which one is looked at; it follows the newest until another one is picked. */
export function PickList(props: PickListProps): ReactNode {
  const { label, resumeLabel, keys, rowHeight, onPick, renderRow } = props;
  const [following, setFollowing] = useState(true);
  const follow = useCallback(
    (next: boolean) => {
      setFollowing(next);
      if (next) onPick(undefined);
    },
    [onPick],
  );
  const pick = useCallback(
    (event: Event) => {
      if (!(event.target instanceof Element)) return;
      const button = event.target.closest("[data-pick]");
      if (!(button instanceof HTMLElement)) return;
      setFollowing(false);
      onPick(button.dataset["pick"]);
    },
    [onPick],
  );
  return (
    <VirtualList
      className="pick-list"
      label={label}
      count={keys.length}
      rowHeight={rowHeight}
      keyOf={(index) => keys[index] ?? index}
      renderRow={renderRow}
      following={following}
      onFollow={follow}
      resumeLabel={resumeLabel}
      onClick={pick}
    />
  );
}
