/** Asks the engine once for what several servers of a target are held against: the same files say the same again. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalAnswers } from './local-answers.ts';

type Answers = Awaited<ReturnType<LocalAnswers['chats']>>;

/** Answers of so many versions are kept. */
const kept = 4;

export function rememberedAnswers(answers: LocalAnswers): LocalAnswers {
  const known = new Map<string, Answers>();
  return {
    chats: async (subject, asked, signal) => {
      const key = JSON.stringify([stateOf(subject.base), stateOf(subject.adapter), asked]);
      const found = known.get(key) ?? (await answers.chats(subject, asked, signal));
      known.delete(key);
      known.set(key, found);
      for (const oldest of [...known.keys()].slice(0, -kept)) known.delete(oldest);
      return found;
    },
  };
}

/** Of a file, or of the files of a folder; another one where any of them was written since. */
function stateOf(path: string): readonly (readonly [string, number, number])[] {
  const files = statSync(path).isDirectory() ? readdirSync(path).map((name) => join(path, name)) : [path];
  return files.sort().map((file) => {
    const { size, mtimeMs } = statSync(file);
    return [file, size, mtimeMs];
  });
}
