/** One entry of a list at an address of its own: what a query found of it, or how it stands with it, with the way back to the others. */
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-aria-components';
import type { AppError } from '../../shared/errors/app-error.ts';
import { texts } from '../texts/texts.ts';
import { LinkButton } from './button.tsx';
import { Page } from './page.tsx';
import { Panel } from './panel.tsx';
import { Empty, Failure, Loaded } from './states.tsx';

/** Where the others are. */
export interface EntryList {
  readonly href: string;
  readonly title: string;
  /** On the button that leads there. */
  readonly all: string;
  /** There is no entry of that name. */
  readonly none: (name: string) => string;
}

interface EntryProps<T> {
  readonly name: string;
  readonly list: EntryList;
  readonly query: UseQueryResult<T, AppError>;
  readonly children: (data: T) => ReactNode;
}

/** What no name can be is refused by its form, and is as unknown as a name that is not there. */
export const isUnknown = (error: AppError): boolean => error.row.http === 404 || error.code === 'INPUT_INVALID';

export function LoadedEntry<T>({ name, list, query, children }: EntryProps<T>) {
  const { error, data } = query;
  if (data !== undefined || error === null) return <Loaded query={query}>{children}</Loaded>;
  if (isUnknown(error)) return <NoEntry name={name} list={list} />;
  return (
    <EntryPage name={name} list={list}>
      <Failure error={error} onRetry={() => void query.refetch()} />
    </EntryPage>
  );
}

export const NoEntry = ({ name, list }: Pick<EntryProps<never>, 'name' | 'list'>) => (
  <EntryPage name={name} list={list}>
    <Panel>
      <Empty title={list.none(name)} action={<LinkButton to={list.href}>{list.all}</LinkButton>}>
        {texts.states.noEntry}
      </Empty>
    </Panel>
  </EntryPage>
);

const EntryPage = ({ name, list, children }: Pick<EntryProps<never>, 'name' | 'list'> & { readonly children: ReactNode }) => (
  <Page title={name} above={<Link href={list.href}>{list.title}</Link>}>
    {children}
  </Page>
);
