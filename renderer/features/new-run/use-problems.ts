/** What is wrong in the draft, by the key where it stands. */
import { useMemo } from 'react';
import type { ConfigPath } from './config-path.ts';
import { draftProblems } from './draft-problems.ts';
import { useDraft } from './draft.ts';

export function useProblems(): ReadonlyMap<ConfigPath, string> {
  const config = useDraft((draft) => draft.config);
  return useMemo(() => draftProblems(config), [config]);
}
