/** The rows as the model of the draft would see them, asked anew with every change of how they are read. */
import type { UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import type { InputOf, OutputOf } from '../../../shared/contracts/calls.ts';
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
  const [show, setShow] = useState(shownAtFirst);
  const preview = useCall('datasets.preview', usePreviewInput(path, show), { keepPrevious: true });
  return { preview, show, showMore: () => setShow(shownAtMost) };
}

/** Whether the rows were looked at and cannot be trained on; what was not looked at is not read for this. */
export function useRowsAreBroken(): boolean {
  const path = useDraft(({ config }) => config.data?.path) ?? '';
  const { data } = useCall('datasets.preview', usePreviewInput(path, shownAtFirst), { enabled: false });
  return data !== undefined && data.problem !== null;
}

function usePreviewInput(path: string, show: number): InputOf<'datasets.preview'> {
  const { model = null, data, training } = useDraft(({ config }) => config);
  const { train_on: trainOn } = PreviewRows.shape;
  return {
    path,
    model,
    columns: data?.columns ?? null,
    chat_template: data?.chat_template ?? null,
    max_seq_length: useMaxLength(),
    // What is written wrong stands at its field; the rows are shown under the default until then.
    train_on: trainOn.catch(trainOn.parse(undefined)).parse(training?.train_on),
    show,
  };
}

/** The longest row of the draft; the default where what is written is none. */
export function useMaxLength(): number {
  const written = useDraft(({ config }) => config.training?.max_seq_length);
  const { max_seq_length: length } = PreviewRows.shape;
  return length.catch(length.parse(undefined)).parse(written);
}
