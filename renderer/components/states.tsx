/** What a view shows before it has something to show: it loads, it failed, there is nothing. */
import type { UseQueryResult } from '@tanstack/react-query';
import { useEffect, type ReactNode } from 'react';
import { CircleAlert } from 'lucide-react';
import type { AppError } from '../../shared/errors/app-error.ts';
import { texts } from '../texts/texts.ts';
import { Button } from './button.tsx';
import styles from './states.module.css';

export const Loading = () => (
  <p className={styles['state']} role="status">
    <span className={styles['spinner']} aria-hidden />
    {texts.states.loading}
  </p>
);

interface EmptyProps {
  readonly title: string;
  readonly children?: ReactNode;
  /** What to do about it. */
  readonly action?: ReactNode;
}

export const Empty = ({ title, children, action }: EmptyProps) => (
  <div className={styles['empty']}>
    <h2>{title}</h2>
    {children !== undefined && <p>{children}</p>}
    {action}
  </div>
);

/** What happened and the remedy, as the error table has them. */
export const Failure = ({ error, onRetry }: { readonly error: AppError; readonly onRetry?: () => void }) => (
  <div className={styles['failure']} role="alert">
    <CircleAlert aria-hidden />
    <div>
      <p>{error.message}.</p>
      <p className="muted">{error.remedy}</p>
    </div>
    {onRetry !== undefined && (
      <Button small onPress={onRetry}>
        {texts.actions.retry}
      </Button>
    )}
  </div>
);

/** Left in the page's timeline when its first view has something to show: from then on it can be used. */
const contentMark = 'lathe:content';

/** Shows what a query found, or how it stands. */
export function Loaded<T>({ query, children }: { readonly query: UseQueryResult<T, AppError>; readonly children: (data: T) => ReactNode }) {
  const isThere = query.data !== undefined;
  useEffect(() => {
    if (isThere && performance.getEntriesByName(contentMark).length === 0) performance.mark(contentMark);
  }, [isThere]);
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error !== null) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  return <Loading />;
}
