/** What the chosen rows are called: those that come with Lathe by their own name, others by their file's. */
import { useCall } from '../../bridge/core-context.tsx';
import { fileName } from '../runs/run-title.ts';
import { useDraft } from './draft.ts';

/** null: none are chosen. */
export function useRowsName(): string | null {
  const about = useCall('host.about', {});
  const path = useDraft(({ config }) => config.data?.path);
  const demo = about.data?.demo;
  if (path === undefined) return null;
  return path === demo?.config.data?.path ? demo.name : fileName(path);
}
