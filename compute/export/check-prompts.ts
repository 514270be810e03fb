/** What an exported adapter is tried on: rows of the data it was trained on where these are still there, else everyday questions. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { RunRecord, runFiles } from '../../shared/domain/run-record.ts';
import { DatasetPass } from '../data/render-dataset.ts';
import { encodePrompt } from '../inference/encode-prompt.ts';
import type { LoadedModel } from '../inference/load-for-inference.ts';

const PROMPTS = 4;
/** Long prompts cost time and prove no more. */
const LONGEST = 512;
const questions = ['What is the capital of France?', 'Name two primary colours.', 'Write one sentence about the sea.', 'How many days does a week have?'];

/** Token sequences, each long enough to compare some positions. */
export async function checkPrompts(adapterPath: string, loaded: LoadedModel): Promise<number[][]> {
  const fromData = await promptsOfRun(dirname(adapterPath), loaded);
  if (fromData.length > 0) return fromData;
  return questions.map((text) => encodePrompt(loaded, { text, chat: true, system: null }));
}

/** Prompts of the first rows of the data named in run.yaml beside the adapter. */
async function promptsOfRun(folder: string, { tokenizer, modelTemplate }: LoadedModel): Promise<number[][]> {
  const path = join(folder, runFiles.record);
  if (!existsSync(path)) return [];
  const record = RunRecord.safeParse(parse(readFileSync(path, 'utf8')));
  if (!record.success || !existsSync(record.data.config.data.path)) return [];
  const { data, training } = record.data.config;
  const pass = new DatasetPass({
    path: data.path,
    tokenizer,
    modelTemplate,
    columns: data.columns,
    trainOn: training.train_on,
    maxSeqLength: training.max_seq_length,
  });
  const prompts: number[][] = [];
  for await (const { row } of pass.rows()) {
    const end = row.graded.indexOf(1);
    const prompt = [...row.tokens.subarray(0, end > 4 ? end : row.tokens.length)];
    if (prompt.length <= LONGEST) prompts.push(prompt);
    if (prompts.length === PROMPTS) break;
  }
  return prompts;
}
