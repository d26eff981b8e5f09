import { useState } from "react";
import { TextArea } from "./text-area.tsx";

/** A list as lines of text; blank lines are left out of the value, not out of what one types. */
export function LinesInput(props: {
  readonly id?: string;
  readonly value?: readonly string[];
  readonly onChange?: (lines: string[]) => void;
  readonly rows?: number;
  readonly disabled?: boolean;
}) {
  const [text, setText] = useState(() => (props.value ?? []).join("\n"));
  return (
    <TextArea
      {...(props.id === undefined ? {} : { id: props.id })}
      lines={props.rows ?? 3}
      maxLines={14}
      disabled={props.disabled ?? false}
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        props.onChange?.(
          event.target.value
            .split("\n")
            .map((line) => line.trim())
            .filter((line) => line !== ""),
        );
      }}
    />
  );
}
