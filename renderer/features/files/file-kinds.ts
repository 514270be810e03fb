/** What is looked for when a file is chosen, as the window's dialog is asked for it. */
import type { ChooseFiles } from '../../../shared/contracts/page-bridge.ts';
import { texts } from '../../texts/texts.ts';

export type FileKind = 'model' | 'data' | 'adapter' | 'template' | 'folder';

const { titles, kinds } = texts.files;

/** Models and adapters are files or folders, so that no filter may hide either. */
const requests: Readonly<Record<FileKind, ChooseFiles>> = {
  model: { title: titles.model, kind: 'file-or-folder' },
  adapter: { title: titles.adapter, kind: 'file-or-folder' },
  data: {
    title: titles.data,
    kind: 'file',
    filters: [{ name: kinds.data, extensions: ['jsonl', 'ndjson', 'json', 'csv', 'tsv', 'parquet', 'txt', 'text', 'md'] }],
  },
  template: { title: titles.template, kind: 'file', filters: [{ name: kinds.template, extensions: ['jinja', 'jinja2', 'j2', 'txt'] }] },
  folder: { title: titles.folder, kind: 'folder' },
};

/** What the core is asked to look for where there is no such dialog. */
export const listedAs: Readonly<Record<FileKind, 'model' | 'data' | 'folder'>> = {
  model: 'model',
  adapter: 'model',
  data: 'data',
  template: 'data',
  folder: 'folder',
};

/** The core knows templates by nothing; their names tell. */
export const canBeChosen = (kind: FileKind, { name, fits }: { readonly name: string; readonly fits: boolean }): boolean =>
  kind === 'template' ? /\.(jinja2?|j2|txt)$/i.test(name) : fits;

export const shellRequest = (kind: FileKind): ChooseFiles => requests[kind];
