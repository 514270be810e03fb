/** A mark in the folder of a name while its files change together with its rows: after a kill it tells where the two may differ. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { SemanticVersion } from '../../../shared/domain/version.ts';
import { writeFileAtomically } from '../../platform/atomic-files.ts';

const Mark = z.object({ version: SemanticVersion.nullable(), removes: z.boolean() });
/** `version` null: only tags. `removes`: the folder goes when the row has gone. */
export type Mark = z.infer<typeof Mark>;

const pathIn = (ofName: string): string => join(ofName, '.changing.json');

export const setMark = (ofName: string, mark: Mark): void => writeFileAtomically(pathIn(ofName), JSON.stringify(mark));
export const clearMark = (ofName: string): void => rmSync(pathIn(ofName), { force: true });

/** By name. A mark that cannot be read stands for the tags alone: it is written whole, so nobody of ours tore it. */
export function marksIn(folder: string): readonly (Mark & { readonly name: string })[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    const path = pathIn(join(folder, name));
    return existsSync(path) ? [{ name, ...readMark(path) }] : [];
  });
}

function readMark(path: string): Mark {
  try {
    return Mark.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return { version: null, removes: false };
  }
}
