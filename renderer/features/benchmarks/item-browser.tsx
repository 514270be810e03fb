/** A long list of items beside the one that is looked at. Moving through the list, by mouse or arrow keys, shows item after item. */
import type { ReactNode } from 'react';
import { Check, X } from 'lucide-react';
import { DataTable, type TableColumn } from '../../components/data-table.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty, Failure, Loading } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import type { Pages } from './use-pages.ts';
import styles from './items.module.css';

const words = texts.benchmarks.items;

interface ItemBrowserProps<T extends { readonly index: number }> {
  readonly label: string;
  readonly pages: Pages<T>;
  readonly columns: readonly [TableColumn<T>, ...TableColumn<T>[]];
  /** Index of the item that is looked at. */
  readonly shown: number | null;
  readonly onShow: (index: number) => void;
  readonly empty: string;
  readonly detail: (item: T) => ReactNode;
}

export function ItemBrowser<T extends { readonly index: number }>({ label, pages, columns, shown, onShow, empty, detail }: ItemBrowserProps<T>) {
  const { items, error, retry, onMore } = pages;
  if (error !== null) return <Failure error={error} onRetry={retry} />;
  if (items === undefined) return <Loading />;
  const item = items.find(({ index }) => index === shown) ?? items[0];
  return (
    <div className={styles['browser']}>
      <Panel flush>
        <DataTable
          label={label}
          items={items}
          columns={columns}
          idOf={({ index }) => String(index)}
          onOpen={({ index }) => onShow(index)}
          shown={item === undefined ? null : String(item.index)}
          {...(onMore !== undefined && { onMore })}
          empty={empty}
        />
      </Panel>
      {/* It scrolls, so it can be reached by keyboard. */}
      <div className={styles['shown']} tabIndex={0} role="region" aria-label={words.shown}>
        {item === undefined ? <Empty title={words.choose}>{words.chooseText}</Empty> : detail(item)}
      </div>
    </div>
  );
}

export const VerdictMark = ({ isRight }: { readonly isRight: boolean | null }) =>
  isRight === null ? (
    <>—</>
  ) : (
    <span className={`${styles['verdict']} ${isRight ? styles['good'] : styles['bad']}`}>
      {isRight ? <Check aria-hidden /> : <X aria-hidden />}
      {isRight ? words.right : words.wrong}
    </span>
  );
