/** Rows as the model sees them: what of them is graded, and the model's own marks. */
import { formatCount } from '../../../shared/text/format.ts';
import { Button } from '../../components/button.tsx';
import { Panel } from '../../components/panel.tsx';
import { texts } from '../../texts/texts.ts';
import { markedParts } from './special-tokens.ts';
import { useMaxLength, type Preview } from './use-preview.ts';
import styles from './row-preview.module.css';

const words = texts.newRun.data;

interface RowPreviewProps {
  readonly preview: Preview;
  /** It is being read anew. */
  readonly isStale: boolean;
  readonly onMore?: () => void;
}

export const RowPreview = ({ preview: { samples }, isStale, onMore }: RowPreviewProps) => (
  <Panel title={words.preview} flush>
    <Legend />
    {samples.length === 0 ? (
      <p className={styles['none']}>{words.noRows}</p>
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
            <Row key={sample.line} {...sample} />
          ))}
        </ol>
        {onMore !== undefined && (
          <Button small onPress={onMore}>
            {words.moreRows}
          </Button>
        )}
      </div>
    )}
  </Panel>
);

const Legend = () => (
  <ul className={styles['legend']}>
    <li>
      <mark className={styles['graded']}>Aa</mark> {words.graded}
    </li>
    <li>
      <span className={styles['read']}>Aa</span> {words.notGraded}
    </li>
    <li>
      <span className={styles['mark']}>&lt;…&gt;</span> {words.marks}
    </li>
  </ul>
);

function Row({ line, tokens, pieces }: Preview['samples'][number]) {
  const longest = useMaxLength();
  return (
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
}

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
