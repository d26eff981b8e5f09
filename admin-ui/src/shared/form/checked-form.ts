import Form, { type FormInstance } from "antd/es/form";
import { useState } from "react";
import type { TSchema } from "typebox";
import { asFault } from "../api/fault.ts";
import { useText } from "../i18n/use-text.ts";
import { useFaultText } from "../ui/fault-notice.tsx";
import { fieldFaults, pathOf, wordOf } from "./field-faults.ts";

type Path = readonly (string | number)[];

export interface CheckedForm<T extends object> {
  readonly form: FormInstance<T>;
  readonly dirty: boolean;
  readonly busy: boolean;
  readonly fault: unknown;
  /** Checks by the contract, then saves; true when it was kept. What is wrong stands at its field, and the first such field is gone to. */
  submit(): Promise<boolean>;
  /** Does something else with the record (deletes it), with the same way of telling what is wrong. */
  perform(act: () => Promise<unknown>): Promise<boolean>;
  touched(): void;
}

/** A record's form: checked by the contract before it is sent; what the appliance refuses stands at its field. */
export function useCheckedForm<T extends object>(props: {
  readonly schema: TSchema;
  readonly initial: T;
  readonly save: (value: T) => Promise<unknown>;
  /** Makes what is sent of what stands in the form, e.g. without rows that were left empty. */
  readonly clean?: (value: T) => T;
}): CheckedForm<T> {
  const { t } = useText();
  const faultText = useFaultText();
  const [form] = Form.useForm<T>();
  const [dirty, setDirty] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>(null);

  const goTo = (path: Path) => {
    const id = path.join("_");
    document.getElementById(id)?.closest("details")?.setAttribute("open", "");
    form.scrollToField([...path] as never, { block: "center", focus: true });
  };
  const perform = async (act: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true);
    setFault(null);
    try {
      await act();
      setDirty(false);
      return true;
    } catch (error) {
      const refused = asFault(error);
      const { title, hint } = faultText(refused);
      const place = nearest(form, refused.field === undefined ? [] : pathOf(refused.field));
      if (place !== null) {
        form.setFields([{ name: [...place] as never, errors: [hint === "" ? title : `${title} — ${hint}`] }]);
        goTo(place);
      }
      setFault(error);
      return false;
    } finally {
      setBusy(false);
    }
  };
  const submit = async (): Promise<boolean> => {
    const raw = merged(props.initial, form.getFieldsValue(true) as T);
    const value = props.clean?.(raw) ?? raw;
    form.setFields(form.getFieldsError().map(({ name }) => ({ name: name as never, errors: [] })));
    const faults = fieldFaults(props.schema, value);
    if (faults.length === 0) return perform(() => props.save(value));
    form.setFields(
      faults.map((each) => ({
        name: [...(nearest(form, each.path) ?? each.path)] as never,
        errors: [t(`common.field.${wordOf(each)}`, { limit: each.limit ?? "" })],
      })),
    );
    const first = faults[0];
    if (first !== undefined) goTo(nearest(form, first.path) ?? first.path);
    return false;
  };
  return { form, dirty, busy, fault, submit, perform, touched: () => setDirty(true) };
}

/** The field that shows a path: itself, or the list or section that it lies in. Null: none of them is on the page. */
function nearest<T extends object>(form: FormInstance<T>, path: Path): Path | null {
  const shown = new Set(form.getFieldsError().map(({ name }) => name.join("/")));
  for (let length = path.length; length > 0; length--) {
    if (shown.has(path.slice(0, length).join("/"))) return path.slice(0, length);
  }
  const within = [...shown].find((name) => path.length > 0 && name.startsWith(`${path.join("/")}/`));
  return within === undefined ? null : within.split("/").map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** What the form does not show keeps what it was, also within a section. */
function merged<T extends object>(initial: T, shown: T): T {
  const result = { ...initial } as Record<string, unknown>;
  for (const [name, value] of Object.entries(shown)) {
    if (value === undefined) continue;
    const before = result[name];
    const sections = isSection(before) && isSection(value);
    result[name] = sections ? merged(before, value) : value;
  }
  return result as T;
}
const isSection = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);
