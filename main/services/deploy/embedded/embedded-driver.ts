/** Lathe's own endpoint as the steps of a deployment see it: what others do over HTTP is done here in a folder. */
import { existsSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, freemem, totalmem } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { EmbeddedTarget, ServerReport } from '../../../../shared/domain/target.ts';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { hashFile } from '../../../platform/atomic-files.ts';
import { copyToShare } from '../artifact-host/copy-to-share.ts';
import type { AskedChat, ChatOutcome, Installed, TargetDriver, WantedBase } from '../target-driver.ts';
import type { EmbeddedEndpoint } from './embedded-endpoint.ts';
import type { EndpointBook, ServedModel } from './endpoint-book.ts';

export interface EmbeddedDriverParts {
  readonly target: EmbeddedTarget;
  readonly book: EndpointBook;
  readonly endpoint: EmbeddedEndpoint;
  /** Where it is heard, or why it is not. */
  readonly listening: () => Promise<{ readonly url: string } | { readonly problem: string }>;
  readonly version: string;
  readonly now: () => Date;
}

export function embeddedDriver(parts: EmbeddedDriverParts): TargetDriver {
  const { target, book, endpoint } = parts;
  const server = target.name;
  return {
    server,
    check: () => report(parts),
    state: () => {
      const { models, aliases } = book.read();
      const names = models.map(({ served_as }) => served_as);
      // Each is loaded when it is asked.
      return Promise.resolve({ models: names, loaded: names, aliases: new Map(Object.entries(aliases)) });
    },
    findBase: (base) => requireBase(server, base),
    install: async (artifact, { onProgress }) => {
      const { servedAs, label, correlation, path, sha256, base } = artifact;
      const known = book.model(servedAs);
      if (known !== null && known.sha256 !== sha256) throw new AppError('MODEL_NAME_TAKEN', { server, model: servedAs, problem: `it is ${known.label}` });
      const { model: basePath } = await requireBase(server, base);
      const adapter = `${servedAs}.gguf`;
      await copyToShare({ from: path, to: join(book.folder, adapter), sha256, server });
      const model: ServedModel = { served_as: servedAs, label, correlation, base: { name: base.name, path: basePath }, adapter, sha256 };
      book.add(model);
      onProgress(1);
      return installedOf(model);
    },
    installed: (servedAs) => {
      const model = book.model(servedAs);
      return Promise.resolve(model === null ? null : installedOf(model));
    },
    // One word, so that what cannot be loaded says so now.
    load: async (servedAs, { signal }) => {
      try {
        await ask(endpoint, { model: servedAs, messages: [{ role: 'user', content: 'Hello' }], maxTokens: 1, temperature: 0 }, signal);
      } catch (error) {
        if (signal.aborted) throw error;
        throw new AppError('MODEL_NOT_LOADED', { server, model: servedAs, problem: error instanceof Error ? error.message : String(error) }, { cause: error });
      }
    },
    // Answers hold their model themselves; idle ones are given back by the clock.
    unload: () => Promise.resolve(),
    remove: (servedAs) => Promise.resolve().then(() => remove(parts, servedAs)),
    setAlias: (alias, to, { expected }) => Promise.resolve().then(() => moveAlias(parts, { alias, to, expected })),
    chat: (asked, { signal }) => ask(endpoint, asked, signal),
    score: () => Promise.resolve(null),
    callsOf: (act) =>
      ({
        check: [],
        install: ['copy the adapter'],
        load: ['ask for one word'],
        unload: [],
        remove: ['delete the adapter'],
        alias: ['set the name'],
        chat: ['ask'],
        score: [],
      })[act],
  };
}

function remove({ target: { name: server }, book }: EmbeddedDriverParts, servedAs: string): void {
  const { aliases } = book.read();
  const alias = Object.keys(aliases).find((each) => aliases[each] === servedAs);
  if (alias !== undefined) throw new AppError('MODEL_NOT_REMOVED', { server, model: servedAs, problem: `${alias} leads to it` });
  book.remove(servedAs);
  rmSync(join(book.folder, `${servedAs}.gguf`), { force: true });
}

interface AliasMove {
  readonly alias: string;
  readonly to: string | null;
  readonly expected: string | null;
}

function moveAlias({ target: { name: server }, book }: EmbeddedDriverParts, { alias, to, expected }: AliasMove): void {
  const { aliases, models } = book.read();
  const found = Object.hasOwn(aliases, alias) ? (aliases[alias] ?? null) : null;
  if (found === to) return;
  if (found !== expected) throw new AppError('ALIAS_MOVED', { alias, server, found: found ?? 'nothing', expected: expected ?? 'nothing' });
  if (to !== null && !models.some(({ served_as }) => served_as === to))
    throw new AppError('REMOTE_FAILED', { server, call: `alias ${alias}`, problem: `it has no model ${to}` });
  book.setAlias(alias, to);
}

/** By its path. A file is hashed where its hash is known; a folder is the one that the version was trained on. */
async function requireBase(server: string, { name, path, sha256 }: WantedBase): Promise<{ model: string; verifiedBy: 'hash' | 'name' }> {
  const missing = (problem: string): AppError => new AppError('BASE_MISSING', { server, base: name, problem });
  if (path === null || !existsSync(path)) throw missing('it is neither on the shelf nor where the version was trained');
  if (sha256 === null || !statSync(path).isFile()) return { model: path, verifiedBy: 'name' };
  if ((await hashFile(path)).sha256 !== sha256) throw missing('the file of that name is another one (SHA-256)');
  return { model: path, verifiedBy: 'hash' };
}

async function ask(endpoint: EmbeddedEndpoint, { model, messages, maxTokens, temperature, stop = [] }: AskedChat, signal: AbortSignal): Promise<ChatOutcome> {
  const began = performance.now();
  let text = '';
  let firstMs: number | null = null;
  const over = new AbortController();
  const how = {
    wanted: { messages: [...messages], raw: false, max_tokens: maxTokens, temperature, top_p: 1, seed: 42 },
    signal: AbortSignal.any([signal, over.signal]),
    onText: (piece: string) => {
      firstMs ??= performance.now() - began;
      text += piece;
      if (stop.some((end) => text.includes(end))) over.abort();
    },
  };
  const end = await (isAbsolute(model) ? endpoint.answerFrom(model, how) : endpoint.answer({ model, ...how }));
  signal.throwIfAborted();
  const finish = end.stop === 'end' || over.signal.aborted ? 'stop' : end.stop === 'length' ? 'length' : 'other';
  return { text, finish, firstMs, totalMs: performance.now() - began, promptTokens: end.prompt_tokens, tokens: end.tokens };
}

const installedOf = ({ served_as, label, correlation, adapter, sha256, base }: ServedModel): Installed => ({
  servedAs: served_as,
  fingerprint: `${sha256} ${base.path}`,
  adapterFile: adapter,
  label,
  correlation,
});

async function report({ target, book, listening, version, now }: EmbeddedDriverParts): Promise<ServerReport> {
  const { models, aliases } = book.read();
  const heard = await listening();
  return {
    server: target.name,
    at: now().toISOString(),
    state: 'problem' in heard ? 'limited' : 'ok',
    version,
    auth: 'none',
    can: { install: true, alias: true, score: false, patch: true, resources: true },
    distributed: false,
    memory_free_bytes: freemem(),
    memory_total_bytes: totalmem(),
    models_bytes: null,
    loaded: models.map(({ served_as }) => served_as),
    aliases: Object.entries(aliases).map(([name, to]) => ({ name, target: to })),
    artifact_address: null,
    problems:
      'problem' in heard ? [heard.problem] : availableParallelism() < 2 ? ['This machine has one core; answers and trainings slow each other down.'] : [],
    round_trip_ms: 0,
  };
}
