/** A data file as a stream of rendered rows: read, understood by layout, rendered, cut to length; what is left out is counted. */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { AppError, isAppError } from '../../shared/errors/app-error.ts';
import type { FactsOf } from '../../shared/errors/codes.ts';
import { withFileErrors } from '../formats/file-errors.ts';
import { makeControlTokenFinder, type FindControlToken } from './control-tokens.ts';
import { dayOf, makeRenderer, type DatasetOptions } from './dataset-options.ts';
import { DigestSet } from './digest-set.ts';
import { columnsOf, detectLayout, type DetectedLayout } from './layouts/detect.ts';
import { RowError } from './layouts/layout.ts';
import { readRows } from './readers/read-rows.ts';
import type { RawRow } from './readers/row.ts';
import { contentsOf, renderSample, type Renderer } from './render.ts';
import { ReportBuilder } from './report.ts';
import type { DatasetReport, LengthHistogram, RenderedRow, Sample } from './types.ts';

/** Rows looked at to find the layout. */
const detectionRows = 20;

export interface DatasetRow {
  readonly line: number;
  readonly row: RenderedRow;
  /** First 64 bits of SHA-256 over the tokens before the cut and what of them is graded. */
  readonly digest: bigint;
}

export function digestOf({ tokens, graded }: RenderedRow): bigint {
  return createHash('sha256').update(tokens).update(graded).digest().readBigUInt64LE();
}

const dateOfFile = (path: string): Date => withFileErrors({ path, what: 'Data file', action: 'read' }, () => statSync(path).mtime);

const gradedIn = (graded: Uint8Array): number => graded.reduce((sum, each) => sum + each, 0);

export class DatasetPass {
  readonly #options: DatasetOptions;
  readonly #renderer: Renderer & { readonly kind: DatasetReport['template'] };
  readonly #findControlToken: FindControlToken;
  readonly #report = new ReportBuilder();
  readonly #seen = new DigestSet();
  #columns: readonly string[] = [];
  #layout: DetectedLayout | null = null;
  #template: DatasetReport['template'] = 'none';

  constructor(options: DatasetOptions) {
    this.#options = { ...options, date: options.date ?? dateOfFile(options.path) };
    this.#renderer = makeRenderer(this.#options);
    this.#findControlToken = makeControlTokenFinder(options.tokenizer.specials.keys());
  }

  /** The template's text, and the day that it writes if it writes one: parts of the cache's key. */
  get template(): { readonly source: string; readonly day: string | null; readonly completionsAsChat: boolean } {
    const { chat, completionsAsChat } = this.#renderer;
    return { source: chat.source, day: chat.usesDate ? dayOf(this.#options).toISOString() : null, completionsAsChat };
  }

  /** The layout, once rows have come. */
  get layout(): DetectedLayout | null {
    return this.#layout;
  }

  /** What the file calls its columns, once rows have come; known also where they make up no layout. */
  get columns(): readonly string[] {
    return this.#columns;
  }

  /** Of the rows so far that are learnt from. */
  get lengths(): LengthHistogram {
    return this.#report.lengths();
  }

  /** The rows to learn from, in the file's order. Throws DATASET_EMPTY at the end if there was none. */
  async *rows(): AsyncGenerator<DatasetRow> {
    const waiting: RawRow[] = [];
    for await (const raw of readRows(this.#options.path)) {
      waiting.push(raw);
      if (this.#layout === null && waiting.length < detectionRows) continue;
      yield* this.#take(waiting);
    }
    yield* this.#take(waiting);
    this.#report.requireRows(this.#options.path);
  }

  /** After the last row. */
  report(): DatasetReport {
    return this.#report.finish({ layout: this.#layout?.name ?? 'none', template: this.#template });
  }

  *#take(waiting: RawRow[]): Generator<DatasetRow> {
    if (waiting.length === 0) return;
    this.#layout ??= this.#detect(waiting.map((raw) => raw.value));
    for (const raw of waiting.splice(0)) {
      const row = this.#accept(raw, this.#layout);
      if (row !== null) yield row;
    }
  }

  #detect(values: readonly unknown[]): DetectedLayout {
    this.#columns = [...columnsOf(values)];
    return detectLayout(values, this.#options);
  }

  #accept({ line, value }: RawRow, layout: DetectedLayout): DatasetRow | null {
    this.#report.addRow();
    const sample = this.#understand(layout, line, value);
    if (sample === null) {
      this.#report.count('empty', line, 'the row is empty');
      return null;
    }
    if (sample.kind === 'messages' || (sample.kind === 'completion' && this.#renderer.completionsAsChat)) this.#template = this.#renderer.kind;
    const control = contentsOf(sample)
      .map(this.#findControlToken)
      .find((found) => found !== null);
    const { row, notes } = this.#render(sample, line);
    const digest = digestOf(row);
    if (!this.#seen.add(digest)) {
      this.#report.count('duplicates', line, 'an earlier row is the same');
      if (this.#options.keepDuplicates !== true) return null;
    }
    for (const note of notes) this.#report.note('template', line, note);
    if (control !== undefined) this.#report.count('controlTokens', line, `the row's own text holds the control token ${control}`);
    return this.#cut(row, line, digest);
  }

  #understand(layout: DetectedLayout, line: number, value: unknown): Sample | null {
    try {
      return layout.toSample(value);
    } catch (error) {
      if (error instanceof RowError) throw new AppError('DATASET_LINE_INVALID', { path: this.#options.path, line, problem: error.message }, { cause: error });
      throw error;
    }
  }

  #render(sample: Sample, line: number): ReturnType<typeof renderSample> {
    try {
      return renderSample(sample, this.#renderer);
    } catch (error) {
      if (!isAppError(error, 'CHAT_TEMPLATE_INVALID')) throw error;
      const facts = error.facts as FactsOf<'CHAT_TEMPLATE_INVALID'>;
      throw new AppError('CHAT_TEMPLATE_INVALID', { path: facts.path, problem: `${facts.problem} (line ${line})` }, { cause: error });
    }
  }

  /** Cuts the end off at max_seq_length; null if that leaves nothing to learn. */
  #cut(row: RenderedRow, line: number, digest: bigint): DatasetRow | null {
    const { maxSeqLength } = this.#options;
    const length = row.tokens.length;
    const kept = { tokens: row.tokens.subarray(0, maxSeqLength), graded: row.graded.subarray(0, maxSeqLength) };
    const gradedTokens = gradedIn(kept.graded);
    if (gradedTokens === 0) {
      const problem = gradedIn(row.graded) === 0 ? 'nothing in it is graded' : `its answer begins after max_seq_length (${maxSeqLength})`;
      this.#report.count('ungraded', line, problem);
      return null;
    }
    if (length > maxSeqLength) this.#report.count('truncated', line, `cut from ${length} to ${maxSeqLength} tokens`);
    this.#report.addUsed({ length, tokens: kept.tokens.length, gradedTokens });
    return { line, row: kept, digest };
  }
}
