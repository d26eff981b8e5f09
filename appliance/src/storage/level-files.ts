import path from "node:path";

/** Where the records and the audit log lie below the home folder, and the small files that know how far each has come. */
export const storeFolder = (root: string): string => path.join(root, "store");
export const storeHeadPath = (root: string): string => path.join(root, "store.head");
export const auditFolder = (root: string): string => path.join(root, "audit");
export const auditCheckpointPath = (root: string): string => path.join(root, "audit.checkpoint");
export const masterKeyPath = (root: string): string => path.join(root, "keys", "master.key");
export const auditKeyPath = (root: string): string => path.join(root, "keys", "audit-signing.key");
