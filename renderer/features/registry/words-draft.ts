/** What a form asks about a new version, and what the schema of the call finds wrong with it, field by field. */
import { VersionWords } from '../../../shared/contracts/registry-calls.ts';
import { texts } from '../../texts/texts.ts';
import { metadataOf, type MetadataRow, type RowsProblem } from './metadata-rows.ts';

const words = texts.registry.words;

export interface WordsDraft {
  readonly name: string;
  /** Empty: the next one. */
  readonly version: string;
  readonly description: string;
  /** With commas. */
  readonly tags: string;
  readonly metadata: readonly MetadataRow[];
}

export const emptyDraft: WordsDraft = { name: '', version: '', description: '', tags: '', metadata: [] };

export type WordsField = keyof WordsDraft;
export type Problems = Readonly<Partial<Record<WordsField, string>>>;

export type CheckedWords = { readonly words: VersionWords } | { readonly problems: Problems };

export function checkWords(draft: WordsDraft): CheckedWords {
  const rows = metadataOf(draft.metadata);
  const tags = splitTags(draft.tags);
  const version = draft.version.trim();
  const metadata = 'metadata' in rows ? rows.metadata : {};
  const checked = VersionWords.safeParse({ name: draft.name.trim(), version: version === '' ? null : version, description: draft.description, tags, metadata });
  const problems: Partial<Record<WordsField, string>> = 'problem' in rows ? { metadata: rowsProblem(rows.problem) } : {};
  for (const { path, message } of checked.error?.issues ?? []) {
    const field = path[0] as WordsField;
    problems[field] ??= problemOf(field, message, { name: draft.name.trim(), tag: tags[Number(path[1])] });
  }
  return checked.success && Object.keys(problems).length === 0 ? { words: checked.data } : { problems };
}

export const splitTags = (text: string): readonly string[] => [
  ...new Set(
    text
      .split(/[,\s]+/)
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ''),
  ),
];

export const rowsProblem = (problem: RowsProblem): string => (problem.kind === 'key-missing' ? words.keyMissing : words.keyTwice(problem.key));

function problemOf(field: WordsField, message: string, { name, tag }: { readonly name: string; readonly tag: string | undefined }): string {
  if (field === 'name' && name === '') return words.nameMissing;
  if (field === 'tags' && tag !== undefined) return words.tagWrong(tag, message);
  return message.startsWith('must') || message.startsWith('is ') ? words.must(message) : `${message}.`;
}

/** Files called so say nothing of what is in them; their folder may. */
const plainNames = new Set(['train', 'training', 'data', 'dataset', 'rows', 'test']);

/** What a version of a run may be called: as the run is, or as the data that it learnt. */
export function proposedNames({ name, data }: { readonly name: string | null; readonly data: string }): readonly string[] {
  const parts = data.split(/[/\\]/);
  const rows = nameFrom((parts.at(-1) ?? '').replace(/\.\w+$/, ''));
  const folder = parts.at(-2) ?? '';
  return [...new Set([nameFrom(name ?? ''), plainNames.has(rows) ? nameFrom(folder) : rows].filter((each) => each !== ''))];
}

/** A name as the registry takes it, made of whatever something was called; empty where nothing is left of it. */
export const nameFrom = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9._-]+/g, '-')
    .slice(0, 64)
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '');
