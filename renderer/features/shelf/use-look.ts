/** What a file is, before it comes on a shelf. */
import type { UseQueryResult } from '@tanstack/react-query';
import type { OutputOf } from '../../../shared/contracts/calls.ts';
import type { ShelfKind } from '../../../shared/domain/shelf-entry.ts';
import type { AppError } from '../../../shared/errors/app-error.ts';
import { useCall } from '../../bridge/core-context.tsx';
import type { ItemFacts } from './fact-values.ts';

export interface Look {
  /** Of a model or adapter; asked for where that is what is looked for. */
  readonly model: UseQueryResult<OutputOf<'models.inspect'>, AppError>;
  readonly rows: UseQueryResult<OutputOf<'datasets.preview'>, AppError>;
  /** None as long as nothing is known. */
  readonly facts: ItemFacts;
  /** It may stand on the shelf. */
  readonly isSound: boolean;
}

const shownRows = 3;

/** `path`: null where there is none to look at yet; `tokensBy`: whose tokens rows are shown in. */
export function useLook(kind: ShelfKind, path: string | null, tokensBy: string | null): Look {
  const isModel = kind === 'model';
  const model = useCall('models.inspect', { path: path ?? '' }, { enabled: isModel && path !== null });
  const rows = useCall('datasets.preview', { path: path ?? '', model: tokensBy, show: shownRows }, { enabled: !isModel && path !== null });
  const facts = (isModel ? model.data : rows.data)?.facts ?? {};
  const isSound = isModel ? model.data?.kind === 'model' : rows.data?.problem === null;
  return { model, rows, facts, isSound };
}
