/** Rows as a model sees them: what of them is graded, and the model's own marks. */
import type { ReactNode } from 'react';
import type { OutputOf } from '../../../shared/contracts/calls.ts';
import { formatCount } from '../../../shared/text/format.ts';
import { Button } from '../../components/button.tsx';
import { Legend } from '../../components/legend.tsx';
import { Panel } from '../../components/panel.tsx';
import { texts } from '../../texts/texts.ts';
import { markedParts } from './special-tokens.ts';
import styles from './rows-preview.module.css';

export type Preview = OutputOf<'datasets.preview'>;
const words = texts.shelf.rows;

interface RowsPreviewProps {
  readonly preview: Preview;
  /** Tokens of the longest row; what is longer is cut there. */
  readonly longest: number;
  /** It is being read anew. */
  readonly isStale?: boolean;
  readonly onMore?: () => void;
  /** Beside the heading. */
  readonly actions?: ReactNode;
}

export const RowsPreview = ({ preview: { samples }, longest, isStale = false, onMore, actions }: RowsPreviewProps) => (
  <Panel title={words.preview} flush {...(actions !== undefined && { actions })}>
    <Marks />
    {samples.length === 0 ? (
      <p className={styles['none']}>{words.none}</p>
    ) : (
      // It scrolls, so it can be reached by keyboard.
      <div
        className={isStale ? `${styles['rows']} ${styles['stale']}` : styles['rows']}
        tabIndex={0}
        role="group"
        aria-label={words.preview}
        aria-busy={isStale}
      >
        <ol className={styles['list']}>
          {samples.map((sample) => (
            <Row key={sample.line} sample={sample} longest={longest} />
          ))}
        </ol>
        {onMore !== undefined && (
          <Button small onPress={onMore}>
            {words.more}
          </Button>
        )}
      </div>
    )}
  </Panel>
);

const Marks = () => (
  <div className={styles['marks']}>
    <Legend>
      <li>
        <span>
          <mark className={styles['graded']}>Aa</mark> {words.graded}
        </span>
      </li>
      <li>
        <span>
          <span className={styles['read']}>Aa</span> {words.notGraded}
        </span>
      </li>
      <li>
        <span>
          <span className={styles['mark']}>&lt;…&gt;</span> {words.marks}
        </span>
      </li>
    </Legend>
  </div>
);

interface RowProps {
  readonly sample: Preview['samples'][number];
  readonly longest: number;
}

const Row = ({ sample: { line, tokens, pieces }, longest }: RowProps) => (
  <li className={styles['row']}>
    <p className={styles['head']}>
      <span>{words.line(formatCount(line))}</span>
      <span>{words.tokens(formatCount(tokens))}</span>
      {tokens >= longest && <span className={styles['cut']}>{words.cut(formatCount(longest))}</span>}
    </p>
    <p className={styles['text']}>
      {pieces.map(({ text, graded }, index) =>
        graded ? (
          <mark key={index} className={styles['graded']}>
            <Marked text={text} />
          </mark>
        ) : (
          <span key={index} className={styles['read']}>
            <Marked text={text} />
          </span>
        ),
      )}
    </p>
  </li>
);

const Marked = ({ text }: { readonly text: string }) =>
  markedParts(text).map((part, index) =>
    part.isMark ? (
      <span key={index} className={styles['mark']}>
        {part.text}
      </span>
    ) : (
      part.text
    ),
  );
