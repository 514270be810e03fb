/** What the models and rows of runs are called where they are shown: by their name on the shelf, else by their file's. */
import { useMemo } from 'react';
import { shelfNameOf } from '../../../shared/domain/shelf-names.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { fileName } from './run-title.ts';

export interface FileNames {
  /** Of a path or a name. */
  readonly model: (reference: string) => string;
  readonly data: (reference: string) => string;
}

export function useFileNames(): FileNames {
  const models = useCall('models.list', {}).data?.items;
  const datasets = useCall('datasets.list', {}).data?.items;
  return useMemo(
    () => ({
      model: (reference) => shelfNameOf(reference, models ?? []) ?? fileName(reference),
      data: (reference) => shelfNameOf(reference, datasets ?? []) ?? fileName(reference),
    }),
    [models, datasets],
  );
}
