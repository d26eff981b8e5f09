import Input, { type TextAreaProps } from "antd/es/input";

const LINE_PX = 20.4;
const EDGE_PX = 10;

/**
 * A text field that grows with what is typed, by CSS (`field-sizing`). Ant Design's own growing writes a style attribute,
 * which our policy refuses.
 */
export function TextArea({
  lines = 2,
  maxLines = 14,
  ...rest
}: TextAreaProps & { readonly lines?: number; readonly maxLines?: number }) {
  return (
    <Input.TextArea
      {...rest}
      rows={lines}
      className={`text-area ${rest.className ?? ""}`}
      style={{ resize: "none", minHeight: lines * LINE_PX + EDGE_PX, maxHeight: maxLines * LINE_PX + EDGE_PX }}
    />
  );
}
