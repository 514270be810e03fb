/** One thing on a shelf: what it is, where its files are and whether they still are what they were, what was made from it, and what can be done with it. */
import type { ReactNode } from 'react';
import { Link } from 'react-aria-components';
import type { ShelfDetails } from '../../../shared/contracts/shelf-calls.ts';
import { Page } from '../../components/page.tsx';
import { Time } from '../../components/time.tsx';
import { texts } from '../../texts/texts.ts';
import { FilesPanel } from './files-panel.tsx';
import { ItemActions } from './item-actions.tsx';
import { shelfPath } from './shelf-kinds.ts';
import { UsedBy } from './used-by.tsx';
import styles from './shelf.module.css';

const words = texts.shelf;

interface ItemPageProps {
  readonly details: ShelfDetails;
  /** Across the page, under the title. */
  readonly figures: ReactNode;
  /** At the wider side, and before the files at the other. */
  readonly main: ReactNode;
  readonly side?: ReactNode;
}

export const ItemPage = ({ details, figures, main, side }: ItemPageProps) => (
  <Page
    title={details.name}
    above={<Link href={shelfPath(details.kind)}>{words.kinds[details.kind].title}</Link>}
    below={
      <>
        <span>{details.is_copy ? words.item.copied : words.item.linked}</span>
        <span>
          {words.item.added} <Time at={details.added} />
        </span>
      </>
    }
    actions={<ItemActions details={details} />}
  >
    {figures}
    <div className={styles['columns']}>
      <div className={styles['side']}>{main}</div>
      <div className={styles['side']}>
        {side}
        <FilesPanel details={details} />
        <UsedBy details={details} />
      </div>
    </div>
  </Page>
);
