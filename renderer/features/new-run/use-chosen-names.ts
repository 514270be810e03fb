/** What the chosen model and rows are called: by their name on the shelf, the rows that come with Lathe by their own, others by their file's. */
import { shelfNameOf } from '../../../shared/domain/shelf-names.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { useFileNames } from '../runs/use-file-names.ts';
import { useDraft } from './draft.ts';

/** null: none is chosen. */
export function useChosenNames(): { readonly model: string | null; readonly data: string | null } {
  const names = useFileNames();
  const demo = useCall('host.about', {}).data?.demo;
  const shelf = useCall('datasets.list', {}).data?.items;
  const model = useDraft(({ config }) => config.model);
  const rows = useDraft(({ config }) => config.data?.path);
  const isDemo = rows !== undefined && rows === demo?.config.data?.path && shelfNameOf(rows, shelf ?? []) === null;
  return { model: model === undefined ? null : names.model(model), data: rows === undefined ? null : isDemo ? demo.name : names.data(rows) };
}
