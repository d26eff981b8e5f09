import { changedFields, type TrunkInput, type TrunkRevision } from "@intramuros/contracts";
import { orderKey, type Store, type StoreWrite } from "../storage/store.ts";
import type { StoredTrunk } from "./setup.ts";

const TABLE = "trunk-history";
const REVISIONS_KEPT = 50;
const VALUE_MAX = 120;

/** Whose change it was, and when. */
export interface ChangeMark {
  readonly by: string;
  readonly at: number;
}
interface Entry extends TrunkRevision {
  /** The whole form, with its passwords: sealed as every value of the store, and never shown. */
  readonly form: TrunkInput;
}

/** Every form that a trunk has had, the latest fifty; a trunk that is deleted takes its history with it. */
export interface TrunkHistory {
  /** Of the form as it is; 1 for a trunk that was never changed. */
  revisionOf(trunkId: string): number;
  /** Newest first. */
  list(trunkId: string): readonly TrunkRevision[];
  form(trunkId: string, revision: number): Promise<TrunkInput | undefined>;
  /** What to write in the batch of a change; `done` once that batch is durable. */
  change(before: StoredTrunk | undefined, after: StoredTrunk | undefined, mark: ChangeMark): HistoryChange;
}
export interface HistoryChange {
  readonly writes: readonly StoreWrite[];
  done(): void;
}

const UNCHANGED: HistoryChange = { writes: [], done: () => undefined };

export async function openTrunkHistory(store: Store): Promise<TrunkHistory> {
  const revisions = new Map<string, readonly TrunkRevision[]>();
  for await (const [key, { form: _, ...revision }] of store.entries<Entry>(TABLE)) {
    const id = key.slice(0, key.lastIndexOf("/"));
    revisions.set(id, [...(revisions.get(id) ?? []), revision]);
  }
  const keyOf = (id: string, revision: number): string => `${id}/${orderKey(revision)}`;
  const write = (id: string, revision: TrunkRevision, form: TrunkInput): StoreWrite => ({
    table: TABLE,
    key: keyOf(id, revision.revision),
    value: { ...revision, form } satisfies Entry,
  });
  const drop = (id: string, revision: number): StoreWrite => ({
    table: TABLE,
    key: keyOf(id, revision),
    value: undefined,
  });

  return {
    revisionOf: (id) => revisions.get(id)?.at(-1)?.revision ?? 1,
    list: (id) => (revisions.get(id) ?? []).toReversed(),
    async form(id, revision) {
      if (!revisions.get(id)?.some((known) => known.revision === revision)) return undefined;
      return (await store.get<Entry>(TABLE, keyOf(id, revision)))?.form;
    },
    change(before, after, mark) {
      const id = (after ?? before)?.id ?? "";
      const known = revisions.get(id) ?? [];
      if (after === undefined) {
        return { writes: known.map(({ revision }) => drop(id, revision)), done: () => void revisions.delete(id) };
      }
      if (before !== undefined && changedFields(before, after).length === 0) return UNCHANGED;
      const writes: StoreWrite[] = [];
      const next = [...known];
      // A trunk older than its history: the form before its first change is its first revision.
      if (before !== undefined && known.length === 0) {
        const first = { revision: 1, at: mark.at, by: "", changed: [] };
        next.push(first);
        writes.push(write(id, first, formOf(before)));
      }
      const revision = revisionFrom(next.at(-1)?.revision ?? 0, before, after, mark);
      next.push(revision);
      writes.push(write(id, revision, formOf(after)));
      for (const old of next.splice(0, Math.max(0, next.length - REVISIONS_KEPT))) writes.push(drop(id, old.revision));
      return { writes, done: () => void revisions.set(id, next) };
    },
  };
}

const formOf = ({ id: _, ...form }: StoredTrunk): TrunkInput => form;

function revisionFrom(
  last: number,
  before: StoredTrunk | undefined,
  after: StoredTrunk,
  mark: ChangeMark,
): TrunkRevision {
  const changed = before === undefined ? [] : [...changedFields(formOf(before), formOf(after))];
  const values = changed.map((field) => ({ field, before: textAt(before, field), after: textAt(after, field) }));
  return { revision: last + 1, at: mark.at, by: mark.by, changed, values };
}

/** A list one after the other, a peer or a rule by its values: as people read it, not as JSON. */
function words(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return value.map(words).join(", ");
  if (typeof value !== "object") return String(value);
  return Object.entries(value)
    .map(([name, each]) => (typeof each === "number" ? `${name} ${each}` : String(each)))
    .filter((each) => each !== "")
    .join(" ");
}

/** The value of a field as text for the history; of a password only whether there is one. */
export function textAt(form: object | undefined, field: string): string {
  let value: unknown = form;
  for (const name of field.split(".")) value = (value as Record<string, unknown> | undefined)?.[name];
  if (field === "password" || field.endsWith(".password")) return value === "" ? "" : "•••";
  const text = words(value);
  return text.length > VALUE_MAX ? `${text.slice(0, VALUE_MAX)}…` : text;
}
