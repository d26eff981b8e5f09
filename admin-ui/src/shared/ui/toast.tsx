import { useSyncExternalStore } from "react";
import { Icon } from "./icon.tsx";

/** One short line at the foot of the page after something was done; read aloud, gone by itself. */
interface Toast {
  readonly id: number;
  readonly text: string;
}
let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();
const SHOWN_MS = 4000;

function set(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

export function toast(text: string): void {
  lastId++;
  const id = lastId;
  set([...toasts.slice(-2), { id, text }]);
  setTimeout(() => set(toasts.filter((each) => each.id !== id)), SHOWN_MS);
}

export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map((each) => (
        <div key={each.id} className="toast">
          <Icon name="check" />
          {each.text}
        </div>
      ))}
    </div>
  );
}
