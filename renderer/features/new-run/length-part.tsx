/** How long the rows are, and which of them are cut. */
import { formatCount } from '../../../shared/text/format.ts';
import { Histogram } from '../../charts/histogram.tsx';
import { Panel } from '../../components/panel.tsx';
import { texts } from '../../texts/texts.ts';
import { useMaxLength, type Preview } from './use-preview.ts';

const words = texts.newRun.data;

export function LengthPart({ preview: { lengths, facts } }: { readonly preview: Preview }) {
  const longest = useMaxLength();
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
        format={(size) => words.tokensAxis(formatCount(size))}
        tip={(low, high, count) => words.lengthTip(formatCount(low + 1), formatCount(high), formatCount(count))}
        mark={{ at: longest, label: words.longest(formatCount(longest)) }}
      />
      <p className="muted">{cut === 0 ? words.underLength : words.overLength(formatCount(cut))}</p>
    </Panel>
  );
}
