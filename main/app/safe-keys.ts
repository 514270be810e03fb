/** Keys of secrets, each encrypted by the system for this app (safeStorage): what lies in the file is of no use without the user's own session. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { FromCoreProcess, ToCoreProcess } from '../../shared/contracts/shell-link.ts';
import { writeFileAtomically } from '../platform/atomic-files.ts';

/** As much of Electron's safeStorage as is used here. */
export interface SafeStorage {
  isEncryptionAvailable(): boolean;
  encryptString(text: string): Buffer;
  decryptString(encrypted: Buffer): string;
  /** Linux alone has it. */
  getSelectedStorageBackend?(): string;
}

type KeyAsked = Extract<FromCoreProcess, { kind: 'key-get' | 'key-set' }>;
type KeyAnswer = Extract<ToCoreProcess, { kind: 'key-answer' }>;

const Kept = z.record(z.uuid(), z.base64());

export class SafeKeys {
  readonly #path: string;
  readonly #storage: SafeStorage;

  constructor(path: string, storage: SafeStorage) {
    this.#path = path;
    this.#storage = storage;
  }

  /** Never throws: why there is none goes to whoever asked. */
  answer(asked: KeyAsked): KeyAnswer {
    try {
      return { kind: 'key-answer', ask: asked.ask, key: this.#act(asked), problem: null };
    } catch (error) {
      return { kind: 'key-answer', ask: asked.ask, key: null, problem: error instanceof Error ? error.message : String(error) };
    }
  }

  #act(asked: KeyAsked): string | null {
    this.#refuseUnsafe();
    const kept = this.#read();
    if (asked.kind === 'key-get') {
      const encrypted = Object.hasOwn(kept, asked.id) ? kept[asked.id] : undefined;
      return encrypted === undefined ? null : this.#storage.decryptString(Buffer.from(encrypted, 'base64'));
    }
    const encrypted = this.#storage.encryptString(asked.key).toString('base64');
    writeFileAtomically(this.#path, JSON.stringify({ ...kept, [asked.id]: encrypted }), { mode: 0o600 });
    return null;
  }

  /** Without a store of the desktop Chromium encrypts with a password that everybody knows. */
  #refuseUnsafe(): void {
    const storage = this.#storage;
    if (!storage.isEncryptionAvailable()) throw new Error('the system has no store for keys');
    const backend = storage.getSelectedStorageBackend?.();
    if (backend === 'basic_text' || backend === 'unknown') throw new Error('no keyring of the desktop is there');
  }

  /** A damaged one is left as it is: keys of a backup may be in it. */
  #read(): z.infer<typeof Kept> {
    let text: string;
    try {
      text = readFileSync(this.#path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
      throw error;
    }
    const parsed = Kept.safeParse(jsonOf(text));
    if (!parsed.success) throw new Error('its file is damaged');
    return parsed.data;
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
