import { Bug, RotateCcw } from "lucide-react";
import { Component, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { cleanText } from "../../ui/text.ts";

interface Props {
  /** Changing it tries again. */
  readonly where: string;
  readonly children: ReactNode;
}

interface State {
  readonly error: Error | undefined;
}

/** A part that breaks says so and can be tried again; the rest of the console goes on. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: undefined };

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override componentDidUpdate(before: Props): void {
    if (before.where !== this.props.where && this.state.error !== undefined) this.#retry();
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return <Broken message={error.message} onRetry={() => this.#retry()} />;
  }

  #retry(): void {
    this.setState({ error: undefined });
  }
}

interface BrokenProps {
  readonly message: string;
  readonly onRetry: () => void;
}

function Broken({ message, onRetry }: BrokenProps): ReactNode {
  const { t } = useTranslation("app");
  return (
    <div role="alert" className="page">
      <EmptyState
        icon={<Bug />}
        title={t("broken.title")}
        text={cleanText(message, 300)}
        action={
          <Button icon={<RotateCcw />} onClick={onRetry}>
            {t("broken.retry")}
          </Button>
        }
      />
    </div>
  );
}
