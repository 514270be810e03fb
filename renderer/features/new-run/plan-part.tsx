/** A plan as it is read: whether it fits, memory by part, time, steps, disk; and what would fit. */
import type { Plan } from '../../../shared/contracts/run-events.ts';
import { formatBytes, formatCount, formatPercent, formatSeconds } from '../../../shared/text/format.ts';
import { PartBar } from '../../charts/part-bar.tsx';
import { Button } from '../../components/button.tsx';
import { Figure, Figures } from '../../components/facts.tsx';
import { texts } from '../../texts/texts.ts';
import { setConfig } from './draft.ts';
import { settingsThatFit, withSettings } from './would-fit.ts';
import styles from './new-run.module.css';

const words = texts.newRun.check;

interface PlanPartProps {
  readonly plan: Plan;
  readonly notes: readonly string[];
  /** Other runs take a part of the memory now. */
  readonly isBusy: boolean;
}

export function PlanPart({ plan, notes, isBusy }: PlanPartProps) {
  const { memory, time, disk } = plan;
  const [total, limit] = [formatBytes(memory.total_bytes), formatBytes(memory.limit_bytes)];
  return (
    <div className={styles['part']}>
      {plan.fits ? <p className={styles['good']}>{words.fits(total, limit)}</p> : <WouldFit sentence={plan.would_fit} isBusy={isBusy} />}
      {disk.needed_bytes > disk.free_bytes && <p className={styles['warning']}>{words.fullDisk}</p>}
      <PartBar
        label={words.memoryLabel(total, limit)}
        parts={memory.parts.map(({ part, bytes }) => ({ name: part, value: bytes }))}
        limit={memory.limit_bytes}
        limitLabel={words.limit(limit)}
        format={formatBytes}
      />
      <Figures>
        {/* A run that does not fit is not timed. */}
        {plan.fits ? (
          <Figure name={words.time} value={formatSeconds(time.seconds)} note={words.perStep(formatSeconds(time.seconds_per_step))} />
        ) : (
          <Figure name={words.time} value="—" />
        )}
        <Figure name={words.steps} value={formatCount(plan.steps)} note={words.rows(formatCount(plan.rows), formatCount(plan.holdout_rows))} />
        <Figure name={words.tokens} value={formatCount(plan.tokens)} note={words.gradedTokens(formatCount(plan.graded_tokens))} />
        <Figure name={words.memory} value={total} note={words.limit(limit)} />
        <Figure name={words.disk} value={formatBytes(disk.needed_bytes)} note={words.diskFree(formatBytes(disk.free_bytes))} />
        <Figure
          name={words.trained}
          value={formatCount(plan.trained_parameters)}
          note={words.ofParameters(formatPercent(plan.trained_parameters / plan.parameters))}
        />
      </Figures>
      {notes.length > 0 && (
        <section>
          <h3>{words.notes}</h3>
          <ul className={styles['list']}>
            {notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function WouldFit({ sentence, isBusy }: { readonly sentence: string | null; readonly isBusy: boolean }) {
  const settings = settingsThatFit(sentence ?? '');
  return (
    <div className={styles['warning']} role="alert">
      <p>
        <strong>{words.fitsNot}</strong> {sentence}
      </p>
      {isBusy && <p>{words.busy}</p>}
      {settings.length > 0 && (
        <Button small onPress={() => setConfig((config) => withSettings(config, settings))}>
          {words.apply}
        </Button>
      )}
    </div>
  );
}
