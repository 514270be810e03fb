/** The rows as the model of the draft would see them, asked anew with every change of how they are read. */
import type { UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import type { OutputOf } from '../../../shared/contracts/calls.ts';
import { PreviewRows } from '../../../shared/contracts/shelf-calls.ts';
import type { AppError } from '../../../shared/errors/app-error.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { useDraft } from './draft.ts';

export type Preview = OutputOf<'datasets.preview'>;

const [shownAtFirst, shownAtMost] = [20, 100];

export interface RowsAsSeen {
  readonly preview: UseQueryResult<Preview, AppError>;
  readonly show: number;
  readonly showMore: () => void;
}

export function usePreview(path: string): RowsAsSeen {
  const { model = null, data, training } = useDraft(({ config }) => config);
  const [show, setShow] = useState(shownAtFirst);
  const { max_seq_length: length, train_on: trainOn } = PreviewRows.shape;
  const preview = useCall(
    'datasets.preview',
    {
      path,
      model,
      columns: data?.columns ?? null,
      chat_template: data?.chat_template ?? null,
      // What is written wrong stands at its field; the rows are shown under the default until then.
      max_seq_length: length.catch(length.parse(undefined)).parse(training?.max_seq_length),
      train_on: trainOn.catch(trainOn.parse(undefined)).parse(training?.train_on),
      show,
    },
    { keepPrevious: true },
  );
  return { preview, show, showMore: () => setShow(shownAtMost) };
}

/** The longest row of the draft, as `usePreview` asks for it. */
export function useMaxLength(): number {
  const written = useDraft(({ config }) => config.training?.max_seq_length);
  const { max_seq_length: length } = PreviewRows.shape;
  return length.catch(length.parse(undefined)).parse(written);
}
