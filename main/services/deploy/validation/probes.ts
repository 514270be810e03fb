/** What a validation asks where nobody said what: everyday questions, and beginnings whose next words an adapter moves. */
import type { ScoreProbe } from './local-answers.ts';

/** Greedy answers to these are compared with those of the engine here. */
export const everydayQuestions = ['What is the capital of France?', 'Name two primary colours.', 'Write one sentence about the sea.'] as const;
export const probeTokens = 24;

/** Candidates begin with a space, and a prompt has some words: they are tokenised together. */
export const scoreProbes: readonly ScoreProbe[] = [
  { prompt: 'The capital of France is', candidates: [' Paris', ' London', ' a'] },
  { prompt: 'Thank you for your message. We will', candidates: [' reply', ' not', ' send'] },
  { prompt: 'The sum of two and three is', candidates: [' five', ' six', ' the'] },
];
