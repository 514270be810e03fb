/** How often which size occurs, as bars, with one size marked. */
import styles from './histogram.module.css';

interface HistogramProps {
  /** What it shows, from where to where. */
  readonly label: string;
  /** `counts[i]` of them are over `edges[i]` and at most `edges[i + 1]`. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  readonly format: (size: number) => string;
  /** The tip of a bar. */
  readonly tip: (from: number, to: number, count: number) => string;
  /** A size that matters, and its word; not drawn where nothing comes near it. */
  readonly mark?: { readonly at: number; readonly label: string };
}

const [width, height, gap] = [1_000, 96, 2];

export function Histogram({ label, edges, counts, format, tip, mark }: HistogramProps) {
  const most = Math.max(1, ...counts);
  const end = edges.at(-1) ?? 0;
  const each = width / Math.max(1, counts.length);
  const markedShare = mark === undefined || mark.at > end ? null : mark.at / end;
  return (
    <figure className={styles['figure']}>
      <div className={styles['plot']}>
        <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
          {counts.map((count, index) => {
            const [from, to] = [edges[index] ?? 0, edges[index + 1] ?? 0];
            // What there is is seen, however little.
            const tall = count === 0 ? 0 : Math.max(2, (count / most) * height);
            return (
              <rect key={from} x={index * each + gap / 2} y={height - tall} width={Math.max(1, each - gap)} height={tall} className={styles['bar']}>
                <title>{tip(from, to, count)}</title>
              </rect>
            );
          })}
        </svg>
        {markedShare !== null && <span className={styles['mark']} style={{ insetInlineStart: `${markedShare * 100}%` }} aria-hidden />}
      </div>
      <figcaption className={styles['axis']}>
        <span>{format(edges[0] ?? 0)}</span>
        {markedShare !== null && <span className={styles['word']}>{mark?.label}</span>}
        <span>{format(end)}</span>
      </figcaption>
    </figure>
  );
}
