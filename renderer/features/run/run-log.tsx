/** What a run told, line by line. */
import { useRunLines, type RunLine } from './run-lines.ts';
import { Loaded } from '../../components/states.tsx';
import { Panel } from '../../components/panel.tsx';
import { Time } from '../../components/time.tsx';
import { logText } from './log-text.ts';
import styles from './run-log.module.css';
import { texts } from '../../texts/texts.ts';

export function RunLog({ run }: { readonly run: string }) {
  const lines = useRunLines(run);
  return (
    <Panel>
      <Loaded query={lines}>
        {(all) => (
          <ol className={styles['log']} aria-label={texts.runs.run.tabs.log}>
            {all.toReversed().map((line) => (
              <Line key={line.line} line={line} />
            ))}
          </ol>
        )}
      </Loaded>
    </Panel>
  );
}

const Line = ({ line: { body } }: { readonly line: RunLine }) => (
  <li className={body.event === 'error' ? styles['error'] : ''}>
    <Time at={body.at} />
    <span className={styles['event']}>{body.event}</span>
    <span>{logText(body)}</span>
  </li>
);
