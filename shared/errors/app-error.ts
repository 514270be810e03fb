/** An expected failure: a code, its facts, and the text rendered from both. Match on `code`, never on class or message. */
import { errorCodes, type ErrorCode, type FactsOf } from './codes.ts';
import { exitCodes, type ErrorRow } from './error-row.ts';

type Facts = Readonly<Record<string, string | number>>;

const render = (text: string, facts: Facts): string => text.replace(/\{(\w+)\}/g, (_, name: string) => String(facts[name] ?? `{${name}}`));

export class AppError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'AppError';
  readonly code: C;
  readonly facts: FactsOf<C>;

  constructor(code: C, facts: FactsOf<C>, options?: { cause?: unknown }) {
    super(render(errorCodes[code].message, facts), options);
    this.code = code;
    this.facts = facts;
  }

  get row(): ErrorRow {
    return errorCodes[this.code];
  }

  /** What the user can do about it. */
  get remedy(): string {
    return render(this.row.remedy, this.facts);
  }

  get exitCode(): number {
    return exitCodes[this.row.exit];
  }
}

export const isAppError = (error: unknown, code?: ErrorCode): error is AppError => error instanceof AppError && (code === undefined || error.code === code);
