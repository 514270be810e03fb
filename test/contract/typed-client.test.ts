/** A client made from the committed description compiles, refuses what the description refuses, and works against a real host. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { HttpHost } from '../support/http-host.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { typedClient, type Document } from './typed-client.ts';

const root = join(import.meta.dirname, '..', '..');
const document = JSON.parse(readFileSync(join(root, 'resources', 'docs', 'openapi.json'), 'utf8')) as Document;
const folder = temporaryFolder();
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const use = (lines: string): string => `import { client } from './client.ts';\nconst ask = client('http://127.0.0.1:4517', 'token');\n${lines}\n`;

/** By file, in the order of the files. All in one program, since most of its time is the types of Node. */
function problemsOf(paths: readonly string[]): string[][] {
  const program = ts.createProgram(paths, {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    allowImportingTsExtensions: true,
    noEmit: true,
    typeRoots: [join(root, 'node_modules', '@types')],
    types: ['node'],
  });
  const found = ts.getPreEmitDiagnostics(program);
  const of = (path: string): string[] =>
    found.filter((each) => each.file?.fileName === path).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  return [join(folder, 'client.ts'), ...paths].map(of);
}

it('compiles, and knows right from wrong', { timeout: 120_000 }, () => {
  file('package.json', '{"type":"module"}');
  file('client.ts', typedClient(document));
  const right = `
const started = await ask('post_v1_training_start', { body: { model_name: 'a', dataset_name: 'b', config: { epochs: 3, batch_size: 4, learning_rate: 2e-4 } } });
const id: string = started.id;
const state: 'queued' | 'running' | 'paused' | 'stopping' | 'done' | 'failed' | 'cancelled' | 'interrupted' = started.state;
await ask('post_v1_training_stop_id', { path: { id }, headers: { 'If-Match': '"1"' } });
const { runs, next } = await ask('runs.list', { body: { limit: 10, state: [state] } });
const first: string | undefined = runs[0]?.run;
const after: string | null = next;
await ask('get_v1_registry_models', { query: { name: 'support', limit: 3 } });
export { first, after };`;
  const wrong = [
    "await ask('post_v1_training_start', { body: { model_name: 'a' } });",
    "await ask('post_v1_training_start', { body: { model_name: 'a', dataset_name: 'b', config: { epochs: 'three' } } });",
    "await ask('post_v1_training_start', { body: { model_name: 'a', dataset_name: 'b', config: { epoch: 3 } } });",
    "await ask('get_v1_training_status_id', {});",
    "await ask('runs.listen', { body: {} });",
    "const { nothing } = await ask('host.status', { body: {} }); export { nothing };",
  ];
  const files = [right, ...wrong].map((lines, index) => file(`use-${index}.ts`, use(lines)));
  const [inClient, inRight, ...inWrong] = problemsOf(files);
  expect([inClient, inRight]).toEqual([[], []]);
  expect(inWrong.map((problems) => problems.length)).toEqual(wrong.map(() => 1));
});

it('works', { timeout: 90_000 }, async () => {
  const { client } = (await import(file('running-client.ts', typedClient(document)))) as {
    client: (base: string, token: string) => (name: string, asked: object) => Promise<Record<string, unknown>>;
  };
  const host = await HttpHost.start(join(folder, 'home'));
  try {
    const ask = client(host.url, host.admin);
    expect(await ask('host.status', { body: {} })).toMatchObject({ kind: 'serve', home: host.home });
    expect(await ask('get_v1_registry_models', { query: { limit: 3 } })).toEqual({ versions: [], next: null });
    await expect(ask('get_v1_training_status_id', { path: { id: '../nobody' } })).rejects.toMatchObject({ problem: { code: 'RUN_UNKNOWN', status: 404 } });
  } finally {
    await host.kill();
  }
});
