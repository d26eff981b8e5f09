import { type ReactNode, useEffect, useRef } from "react";
import { useText } from "../i18n/use-text.ts";
import { Icon } from "./icon.tsx";

/** The browser's own dialog: keeps the focus inside, closes on Escape, gives the focus back. */
export function Dialog(props: {
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly className?: string;
  readonly bare?: boolean;
}) {
  const { t } = useText();
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = element.current;
    if (dialog !== null && !dialog.open) {
      dialog.showModal();
      // where one types comes before the way out
      dialog.querySelector<HTMLElement>("textarea,input:not([type=radio],[type=file])")?.focus();
    }
    return () => dialog?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it by keyboard; the click is on the ground around it
    <dialog
      ref={element}
      className={`dialog ${props.className ?? ""}`}
      aria-label={props.label}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
      onClick={(event) => {
        if (event.target === element.current) props.onClose();
      }}
    >
      <div className="dialog-in">
        {!props.bare && (
          <header className="dialog-head">
            <h2>{props.label}</h2>
            <button type="button" className="icon-button" aria-label={t("common.close")} onClick={props.onClose}>
              <Icon name="close" />
            </button>
          </header>
        )}
        {props.children}
      </div>
    </dialog>
  );
}
