/** The data pipeline's vocabulary: samples, rendered rows, the report, and what the trainer reads. Plain data only. */

export type Role = 'system' | 'user' | 'assistant' | 'tool';

export interface Message {
  readonly role: Role;
  readonly content: string;
  /** Whether this message is something to learn; by default an assistant's is. */
  readonly graded: boolean;
}

/** One row as its layout understands it: a conversation, a prompt and what follows it, or plain text. */
export type Sample =
  | { readonly kind: 'messages'; readonly messages: readonly Message[] }
  | { readonly kind: 'completion'; readonly system: string; readonly prompt: string; readonly completion: string }
  | { readonly kind: 'text'; readonly text: string };

export type TrainOn = 'assistant' | 'all';

/** Label of a token that is not graded. */
export const notGraded = -100;

/** A row as tokens. `graded[i]` is 1 where token i is something to learn. */
export interface RenderedRow {
  readonly tokens: Int32Array;
  readonly graded: Uint8Array;
}

/** One micro-batch as the trainer takes it: rows end to end, T tokens in all. */
export interface PackedRows {
  readonly tokens: Int32Array; // [T]
  /** Already shifted: `labels[t]` is the token to predict at t, `notGraded` where nothing is asked. */
  readonly labels: Int32Array; // [T]
  /** Position inside the own row, from 0. */
  readonly positions: Int32Array; // [T]
  /** Row s occupies `segments[s]` to `segments[s + 1]`; attention never crosses these bounds. */
  readonly segments: Int32Array; // [S + 1]
  readonly gradedTokens: number;
}

/** Where the loader is: epochs finished, and rows of the present epoch already given out. */
export interface LoaderPosition {
  readonly epoch: number;
  readonly row: number;
}

/** The rows of one optimizer step: batch_size x accumulation of them, fewer at the end of an epoch. */
export interface StepBatch {
  readonly rows: readonly RenderedRow[];
  /** Graded tokens after the shift, over all rows: what the step's loss is averaged over. */
  readonly gradedTokens: number;
  /** Where the next step starts. */
  readonly next: LoaderPosition;
}

export interface RowProblem {
  readonly line: number;
  readonly problem: string;
}

export interface LengthBin {
  /** Rows with `from` to `to` tokens, both included. */
  readonly from: number;
  readonly to: number;
  readonly rows: number;
}

/** `counts[i]` rows have more than `edges[i]` and at most `edges[i + 1]` tokens. */
export interface LengthHistogram {
  readonly edges: number[];
  readonly counts: number[];
}

export interface DatasetReport {
  /** Rows read from the file. */
  readonly rows: number;
  /** Rows that will be trained on (holdout included). */
  readonly used: number;
  readonly empty: number;
  readonly duplicates: number;
  /** Rows used, but cut at max_seq_length. */
  readonly truncated: number;
  /** Rows dropped because the cut left nothing to learn. */
  readonly ungraded: number;
  /** Rows whose own content holds control tokens. */
  readonly controlTokens: number;
  readonly tokens: number;
  readonly gradedTokens: number;
  /** Row lengths before truncation. */
  readonly lengthHistogram: readonly LengthBin[];
  /** The first few of each kind, with line numbers. */
  readonly problems: readonly RowProblem[];
  /** Which chat template was used: the model's own, one given by the user, the plain fallback, or none (plain text). */
  readonly template: 'model' | 'given' | 'plain' | 'none';
  readonly layout: string;
}
