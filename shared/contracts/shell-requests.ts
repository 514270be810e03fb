/** What the page asks of the shell, as it is checked there. */
import { z } from 'zod';
import { SecretLock, SecretName } from '../domain/sealed-secret.ts';
import type { ChooseFiles as BridgeFiles, ChooseTarget as BridgeTarget } from './page-bridge.ts';

const title = z.string().max(500);
const filters = z
  .array(z.strictObject({ name: z.string().max(200), extensions: z.array(z.string().regex(/^(\*|[A-Za-z0-9.]+)$/)).max(50) }))
  .max(20)
  .optional();

export const ChooseFiles = z.strictObject({ title, kind: z.enum(['file', 'folder', 'file-or-folder']), many: z.boolean().optional(), filters });
export type ChooseFiles = z.infer<typeof ChooseFiles>;
export const ChooseTarget = z.strictObject({ title, name: z.string().max(500), filters });
export type ChooseTarget = z.infer<typeof ChooseTarget>;
export const ShownPath = z.string().min(1).max(4_096);
export const Theme = z.enum(['system', 'light', 'dark']);
export type Theme = z.infer<typeof Theme>;

export const SealSecret = z.strictObject({
  name: SecretName,
  value: z.string().min(1).max(50_000),
  /** That of the others; null: it is the first. */
  lock: SecretLock.nullable(),
  /** null: none was typed. */
  passphrase: z.string().min(1).max(1_000).nullable(),
});
export type SealSecret = z.infer<typeof SealSecret>;

/** What the bridge lets a page write is what the shell takes. */
export const takesBridgeFiles = (request: BridgeFiles): z.input<typeof ChooseFiles> => request as z.input<typeof ChooseFiles>;
export const takesBridgeTarget = (request: BridgeTarget): z.input<typeof ChooseTarget> => request as z.input<typeof ChooseTarget>;
