/** Cold start: how long until the first token is worked on. */
import { medianOf, seconds, spread, whole } from './figures.ts';
import { part } from './part.ts';

export const startPart = part({
  title: 'Cold start',
  section: 'start',
  text: (start, { step }) => {
    const ready = step?.pairs.flatMap(({ reference }) => reference.map(({ ready_seconds: value }) => value)) ?? [];
    const theirs =
      ready.length === 0 ? 'The reference was not measured here.' : `The reference needs ${seconds(Math.min(...ready))} until its model is ready to train.`;
    return `From the start of \`lathe train\` to the first forward pass begun, SmolLM2-135M, ${whole(start.tokens)} tokens of rows that were tokenised by an earlier
run, the model's file in the page cache: ${seconds(medianOf(start.seconds, (value) => value))}${spread(start.seconds, seconds)} over ${String(start.seconds.length)} starts. ${theirs}`;
  },
});
