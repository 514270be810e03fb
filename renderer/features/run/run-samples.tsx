/** What the model wrote on the way, newest first, prompt by prompt. */
import type { RunLine } from './run-lines.ts';
import { useRunLines } from './run-lines.ts';
import { formatCount } from '../../../shared/text/format.ts';
import { Panel } from '../../components/panel.tsx';
import { Empty, Loaded } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './run-samples.module.css';

const words = texts.runs.run;
type Sample = Extract<RunLine['body'], { event: 'sample' }>;

export function RunSamples({ run }: { readonly run: string }) {
  const lines = useRunLines(run);
  return (
    <Loaded query={lines}>
      {(all) => {
        const samples = all.map(({ body }) => body).filter((body): body is Sample => body.event === 'sample');
        if (samples.length === 0) return <Empty title={words.noSamples}>{words.noSamplesText}</Empty>;
        return [...Map.groupBy(samples, ({ prompt }) => prompt)].map(([prompt, written]) => <Prompt key={prompt} prompt={prompt} samples={written} />);
      }}
    </Loaded>
  );
}

const Prompt = ({ prompt, samples }: { readonly prompt: string; readonly samples: readonly Sample[] }) => (
  <Panel>
    <p className={styles['prompt']}>{prompt}</p>
    <ol className={styles['samples']}>
      {samples.toReversed().map(({ step, text }) => (
        <li key={step}>
          <span>{words.sampleStep(formatCount(step))}</span>
          <p>{text}</p>
        </li>
      ))}
    </ol>
  </Panel>
);
