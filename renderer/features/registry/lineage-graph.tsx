/** What versions were made from, as a picture to click through. To those who do not see it, it is a list that says the same. */
import { useMemo } from 'react';
import { Link } from 'react-aria-components';
import type { Lineage, LineageNode } from '../../../shared/contracts/registry-calls.ts';
import { formatNumber } from '../../../shared/text/format.ts';
import { runStates, type RunState } from '../../../shared/domain/run-state.ts';
import { VersionState } from '../../../shared/domain/version-state.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { Legend, Swatch } from '../../components/legend.tsx';
import { texts } from '../../texts/texts.ts';
import { lineageLink, type Shelves } from './lineage-links.ts';
import { nodeSize, placeLineage, type PlacedNode } from './lineage-layout.ts';
import { shortHash } from './metric-text.ts';
import styles from './lineage.module.css';

const words = texts.registry.lineage;

interface LineageGraphProps {
  readonly label: string;
  readonly lineage: Lineage;
  /** The version that is looked at: `name@1.2.0`. */
  readonly here: string;
  /** Where a version leads: stays at this part of its view. */
  readonly query: string;
}

export function LineageGraph({ label, lineage, here, query }: LineageGraphProps) {
  const placed = useMemo(() => placeLineage(lineage), [lineage]);
  const shelves = useShelves();
  const { width, height, nodes, edges } = placed;
  return (
    <>
      <div className={styles['scroll']} role="group" aria-label={label} tabIndex={0}>
        <div className={styles['plane']} style={{ width, height }}>
          <svg width={width} height={height} aria-hidden>
            <defs>
              <marker id="lineage-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
                <path d="M0 0L8 4L0 8z" className={styles['arrow']} />
              </marker>
            </defs>
            {edges.map(({ id, path }) => (
              <path key={id} d={path} className={styles['edge']} markerEnd="url(#lineage-arrow)" />
            ))}
          </svg>
          <ol aria-label={label}>
            {nodes.map((node) => (
              <li key={node.id} style={{ left: node.x, top: node.y, width: nodeSize.width, height: nodeSize.height }}>
                <Node node={node} link={linkOf(node, shelves, query)} isHere={node.kind === 'version' && node.label === here} />
              </li>
            ))}
          </ol>
        </div>
      </div>
      <Kinds kinds={new Set(nodes.map(({ kind }) => kind))} />
    </>
  );
}

const linkOf = (node: PlacedNode, shelves: Shelves, query: string): string | null => {
  const link = lineageLink(node, shelves);
  return link !== null && node.kind === 'version' ? `${link}${query}` : link;
};

interface NodeProps {
  readonly node: PlacedNode;
  readonly link: string | null;
  readonly isHere: boolean;
}

function Node({ node, link, isHere }: NodeProps) {
  const className = [styles['node'], styles[node.kind], isHere ? styles['here'] : ''].join(' ');
  const inner = (
    <>
      <span className={styles['label']}>{node.label}</span>
      <span className={styles['about']}>{[words.kinds[node.kind], aboutOf(node)].filter((part) => part !== '').join(' · ')}</span>
      {isHere && <span className="visually-hidden">, {words.here}</span>}
      {node.from.length > 0 && <span className="visually-hidden">, {words.from(node.from.join(', '))}</span>}
    </>
  );
  return (
    // Labels may be longer than their box.
    <div className={styles['box']} title={node.label}>
      {link === null ? (
        <span className={className}>{inner}</span>
      ) : (
        <Link href={link} className={className} {...(isHere && { 'aria-current': 'true' as const })}>
          {inner}
        </Link>
      )}
    </div>
  );
}

/** The one fact that tells most. */
function aboutOf({ kind, facts }: LineageNode): string {
  const { state, final_loss: loss, sha256 } = facts;
  const version = VersionState.safeParse(state);
  if (kind === 'version' && version.success) return texts.versionStates[version.data];
  if (kind === 'run' && typeof loss === 'number') return `${texts.runs.run.loss.toLowerCase()} ${formatNumber(loss)}`;
  if (kind === 'run' && runStates.includes(state as RunState)) return texts.runStates[state as RunState];
  return typeof sha256 === 'string' ? shortHash(sha256) : '';
}

const Kinds = ({ kinds }: { readonly kinds: ReadonlySet<LineageNode['kind']> }) => (
  <Legend look="plain" label={words.legend}>
    {(Object.keys(words.kinds) as LineageNode['kind'][])
      .filter((kind) => kinds.has(kind))
      .map((kind) => (
        <li key={kind} className={styles[kind]}>
          <Swatch shape="edge" color="var(--kind)" />
          {words.kinds[kind]}
        </li>
      ))}
  </Legend>
);

function useShelves(): Shelves {
  const models = useCall('models.list', {});
  const datasets = useCall('datasets.list', {});
  return useMemo(
    () => ({
      models: new Set((models.data?.items ?? []).map(({ name }) => name)),
      datasets: new Set((datasets.data?.items ?? []).map(({ name }) => name)),
    }),
    [models.data, datasets.data],
  );
}
