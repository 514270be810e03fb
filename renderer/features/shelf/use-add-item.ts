/** Puts something on a shelf. It goes on when the dialog is closed meanwhile, and is then told of at the corner. */
import { useEffect, useRef, useState } from 'react';
import type { ShelfKind } from '../../../shared/domain/shelf-entry.ts';
import type { AppError } from '../../../shared/errors/app-error.ts';
import { isAppError } from '../../../shared/errors/app-error.ts';
import { useCore } from '../../bridge/core-context.tsx';
import { sayDone, sayFailed } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';

export interface NewItem {
  readonly name: string;
  readonly path: string;
  readonly copy: boolean;
  /** Of a data set: whose tokens are counted. */
  readonly model: string | null;
}

export interface AddItem {
  readonly add: (item: NewItem) => void;
  readonly isAdding: boolean;
  readonly error: AppError | null;
}

export function useAddItem(kind: ShelfKind, onAdded: () => void): AddItem {
  const { client } = useCore();
  const [isAdding, setAdding] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const isShown = useRef(true);
  useEffect(() => {
    isShown.current = true;
    return () => void (isShown.current = false);
  }, []);
  const add = async ({ model, ...item }: NewItem): Promise<void> => {
    setAdding(true);
    setError(null);
    try {
      await (kind === 'model' ? client.call('models.add', item) : client.call('datasets.add', { ...item, model }));
      sayDone(texts.shelf.import.added(item.name));
      if (isShown.current) onAdded();
    } catch (failure) {
      if (isShown.current && isAppError(failure)) setError(failure);
      else sayFailed(failure);
    } finally {
      setAdding(false);
    }
  };
  return { add: (item) => void add(item), isAdding, error };
}
