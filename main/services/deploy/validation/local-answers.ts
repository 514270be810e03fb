/** What this machine's engine makes of the same questions: what a server that runs this adapter should answer too. */
import type { ChatOutcome } from '../target-driver.ts';

export interface LocalSubject {
  readonly base: string;
  readonly adapter: string;
}

export interface ScoreProbe {
  readonly prompt: string;
  readonly candidates: readonly string[];
}

/** One number a candidate, one list a probe: natural logarithms, joint over the candidate's tokens. */
export type Scores = readonly (readonly number[])[];

export type LocalChat = Pick<ChatOutcome, 'text' | 'finish'> & { readonly promptTokens: number };

export interface LocalAnswers {
  /** Greedy answers in the model's chat template, without and with the adapter. */
  chats(
    subject: LocalSubject,
    asked: { readonly prompts: readonly string[]; readonly maxTokens: number },
    signal: AbortSignal,
  ): Promise<{
    readonly base: readonly LocalChat[];
    readonly adapted: readonly LocalChat[];
  }>;
}
