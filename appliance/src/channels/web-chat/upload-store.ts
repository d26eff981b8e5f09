import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { CustomerId } from "@intramuros/contracts";
import { v7 as uuid } from "uuid";
import type { Store, StoreWrite } from "../../storage/store.ts";
import { type Allowed, cleanName, SNIFF_BYTES, sniff } from "./content-type.ts";

const TABLE = "uploads";
const MAGIC = Buffer.from("IMU1");
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A file that a customer sent. Its key lies in this record, which is sealed for the customer: erase the customer, and the file is noise. */
export interface UploadRecord {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly key: string;
  readonly conversationId: string;
  readonly customerId: string;
}

export type Received =
  | { readonly type: "kept"; readonly file: Omit<UploadRecord, "conversationId" | "customerId"> }
  | { readonly type: "refused"; readonly code: "too-large" | "type-not-allowed" | "empty" };

export interface Uploads {
  readonly maxBytes: number;
  /** Seals the stream to the disk as it comes in; the type is told by its first bytes. */
  receive(stream: Readable, name: string): Promise<Received>;
  /** The write that makes a received file findable; it belongs to the batch of its event. */
  write(
    file: Omit<UploadRecord, "conversationId" | "customerId">,
    of: { readonly customerId: string; readonly conversationId: string },
  ): StoreWrite;
  discard(id: string): Promise<void>;
  get(id: string): Promise<UploadRecord | undefined>;
  /** The file in the clear, checked whole before the first byte comes out; null when it does not fit its seal. */
  read(record: UploadRecord): Promise<Readable | null>;
}

export function openUploads(deps: {
  readonly root: string;
  readonly store: Store;
  readonly maxBytes: number;
}): Uploads {
  const folder = path.join(deps.root, "uploads");
  const fileOf = (id: string): string => path.join(folder, `${id}.sealed`);

  const decipher = async (
    record: UploadRecord,
  ): Promise<{ cipher: ReturnType<typeof createDecipheriv>; size: number }> => {
    const { size } = await stat(fileOf(record.id));
    const file = await open(fileOf(record.id), "r");
    try {
      const head = Buffer.alloc(MAGIC.length + NONCE_BYTES);
      const tag = Buffer.alloc(TAG_BYTES);
      await file.read(head, 0, head.length, 0);
      await file.read(tag, 0, TAG_BYTES, size - TAG_BYTES);
      if (!head.subarray(0, MAGIC.length).equals(MAGIC)) throw new Error("not a sealed upload");
      const cipher = createDecipheriv("aes-256-gcm", Buffer.from(record.key, "base64"), head.subarray(MAGIC.length));
      cipher.setAAD(Buffer.from(record.id));
      cipher.setAuthTag(tag);
      return { cipher, size };
    } finally {
      await file.close();
    }
  };
  const range = (size: number): { start: number; end: number } => ({
    start: MAGIC.length + NONCE_BYTES,
    end: size - TAG_BYTES - 1,
  });

  return {
    maxBytes: deps.maxBytes,
    async receive(stream, name) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const id = uuid();
      const key = randomBytes(32);
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", key, nonce);
      cipher.setAAD(Buffer.from(id));
      const temporary = `${fileOf(id)}.part`;
      let sizeBytes = 0;
      let head = Buffer.alloc(0);
      let allowed: Allowed | null = null;
      let refused: "too-large" | "type-not-allowed" | null = null;
      const gate = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          sizeBytes += chunk.length;
          if (sizeBytes > deps.maxBytes) refused = "too-large";
          if (allowed === null && refused === null) {
            head = Buffer.concat([head, chunk.subarray(0, SNIFF_BYTES - head.length)]);
            if (head.length >= SNIFF_BYTES) {
              allowed = sniff(head);
              if (allowed === null) refused = "type-not-allowed";
            }
          }
          if (refused === null) done(null, chunk);
          else done(new Error(refused));
        },
      });
      try {
        const out = createWriteStream(temporary, { mode: 0o600 });
        out.write(Buffer.concat([MAGIC, nonce]));
        await pipeline(stream, gate, cipher, out, { end: true });
        allowed ??= sniff(head);
        if (sizeBytes === 0 || allowed === null) {
          await rm(temporary, { force: true });
          return { type: "refused", code: sizeBytes === 0 ? "empty" : "type-not-allowed" };
        }
        const file = await open(temporary, "a");
        await file.write(cipher.getAuthTag());
        await file.sync();
        await file.close();
        await rename(temporary, fileOf(id));
      } catch (error) {
        await rm(temporary, { force: true });
        if (refused !== null) return { type: "refused", code: refused };
        throw error;
      }
      const { mediaType, extension } = allowed;
      return {
        type: "kept",
        file: { id, name: cleanName(name, extension), mediaType, sizeBytes, key: key.toString("base64") },
      };
    },
    write(file, of) {
      const record: UploadRecord = { ...file, ...of };
      return { table: TABLE, key: file.id, value: record, owner: of.customerId as CustomerId };
    },
    discard: (id) => rm(fileOf(id), { force: true }),
    get: (id) => deps.store.get<UploadRecord>(TABLE, id),
    async read(record) {
      try {
        // GCM proves a file only at its end. It is read twice, so that nothing unproven leaves and nothing large stays in memory.
        const proof = await decipher(record);
        await pipeline(createReadStream(fileOf(record.id), range(proof.size)), proof.cipher, async (source) => {
          for await (const _chunk of source);
        });
        const { cipher, size } = await decipher(record);
        const source = createReadStream(fileOf(record.id), range(size));
        source.on("error", (error) => cipher.destroy(error));
        return source.pipe(cipher);
      } catch {
        return null;
      }
    },
  };
}
