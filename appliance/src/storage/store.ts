import type { CustomerId } from "@intramuros/contracts";

/**
 * The storage port: ordered keys, JSON values, atomic batches; the shape of `abstract-level` with tables as sublevels. Every value
 * is sealed (AES-256-GCM, bound to its table and key), so that a flipped bit is an error and never a wrong answer.
 */
export interface Store {
  /** Undefined when the key is not there. Throws AppError `record-damaged`, which names table and key. */
  get<T>(table: string, key: string): Promise<T | undefined>;
  /** In key order, bytewise. Throws as `get`. */
  entries<T>(table: string, range?: KeyRange): AsyncIterable<readonly [key: string, value: T]>;
  /** All or nothing; durable (synced) when the promise resolves. Concurrent writes share one sync. */
  write(writes: readonly StoreWrite[]): Promise<void>;
  /** Destroys the key under which the customer's records are sealed; they cannot be read any more, by anyone. */
  eraseOwner(owner: CustomerId): Promise<void>;
  close(): Promise<void>;
}

export interface KeyRange {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt?: string;
  readonly lte?: string;
  readonly reverse?: boolean;
  readonly limit?: number;
}

export interface StoreWrite {
  /** Letters, digits and `-`. */
  readonly table: string;
  /** At most 200 characters, without control characters. */
  readonly key: string;
  /** Any JSON value; undefined deletes. */
  readonly value: unknown;
  /** Seals the value under this customer's own key; absent: under the house's. */
  readonly owner?: CustomerId;
}

/** Key of a position in an ordered list: numbers that sort as text up to 2^53. */
export const orderKey = (position: number): string => position.toString().padStart(16, "0");
