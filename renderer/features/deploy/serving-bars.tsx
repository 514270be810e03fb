/** The picture of what answered when: time goes to the right, every name on every server has a lane, every version a colour. */
import { useState } from 'react';
import type { Serving } from '../../../shared/domain/deployment.ts';
import { seriesVariable } from '../../charts/colors.ts';
import { Legend, Swatch } from '../../components/legend.tsx';
import { Panel } from '../../components/panel.tsx';
import { Time } from '../../components/time.tsx';
import { texts } from '../../texts/texts.ts';
import { timelineOf, type ServingBar, type ServingLane } from './serving-lanes.ts';
import styles from './deploy.module.css';

const words = texts.deploy.history;
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

export function ServingBars({ servings }: { readonly servings: readonly Serving[] }) {
  const [now] = useState(() => Date.now());
  const timeline = timelineOf(servings, now);
  if (timeline === null) return null;
  const versions = new Map(timeline.lanes.flatMap(({ bars }) => bars.map(({ what, color }) => [what, color] as const)));
  return (
    <Panel>
      <div className={styles['lanes']}>
        {timeline.lanes.map((lane) => (
          <Lane key={`${lane.alias} ${lane.target} ${lane.server}`} lane={lane} />
        ))}
        <div className={styles['ends']} aria-hidden>
          <Time at={new Date(timeline.from).toISOString()} />
          <Time at={new Date(timeline.to).toISOString()} />
        </div>
        <Legend>
          {[...versions].map(([what, color]) => (
            <li key={what}>
              <Swatch shape="square" color={seriesVariable(color)} />
              {what}
            </li>
          ))}
        </Legend>
      </div>
    </Panel>
  );
}

const Lane = ({ lane: { alias, target, server, bars } }: { readonly lane: ServingLane }) => (
  <div className={styles['lane']}>
    <span className={styles['laneName']}>
      <strong>{alias}</strong>
      <span className="muted">{server === target ? target : `${target} / ${server}`}</span>
    </span>
    <div className={styles['track']} role="img" aria-label={`${words.chart(alias, target)}: ${bars.map(barText).join('; ')}`}>
      {bars.map((bar, index) => (
        <span
          key={index}
          title={barText(bar)}
          style={{
            insetInlineStart: `${bar.start * 100}%`,
            inlineSize: `${bar.length * 100}%`,
            insetBlockEnd: `${bar.foot * 100}%`,
            blockSize: `${bar.height * 100}%`,
            background: seriesVariable(bar.color),
          }}
        />
      ))}
    </div>
  </div>
);

const barText = ({ what, serving }: ServingBar): string =>
  words.span(what, serving.share, moment.format(new Date(serving.from)), serving.to === null ? words.now : moment.format(new Date(serving.to)));
