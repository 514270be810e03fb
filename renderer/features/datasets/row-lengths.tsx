/** How long rows are, and how many of them are cut. */
import { formatCount } from '../../../shared/text/format.ts';
import { Histogram } from '../../charts/histogram.tsx';
import { Panel } from '../../components/panel.tsx';
import { texts } from '../../texts/texts.ts';
import type { Preview } from './rows-preview.tsx';

const words = texts.shelf.rows;

export function RowLengths({ preview: { lengths, facts }, longest }: { readonly preview: Preview; readonly longest: number }) {
  if (lengths === null || lengths.counts.length === 0) return null;
  const { edges, counts } = lengths;
  const rows = formatCount(counts.reduce((sum, count) => sum + count, 0));
  const cut = typeof facts['truncated'] === 'number' ? facts['truncated'] : 0;
  const [from, to] = [formatCount(edges[0] ?? 0), formatCount(edges.at(-1) ?? 0)];
  return (
    <Panel title={words.lengths}>
      <Histogram
        label={words.lengthsLabel(rows, from, to, formatCount(cut))}
        edges={edges}
        counts={counts}
        format={(size) => words.tokens(formatCount(size))}
        tip={(low, high, count) => words.lengthTip(formatCount(low + 1), formatCount(high), formatCount(count))}
        mark={{ at: longest, label: words.longest(formatCount(longest)) }}
      />
      <p className="muted">{cut === 0 ? words.underLength : words.overLength(formatCount(cut))}</p>
    </Panel>
  );
}
