/** The form in which an error crosses a process border: plain data, nothing lost but the class. */
import { z } from 'zod';
import { AppError, isAppError } from './app-error.ts';
import { errorCodes, type ErrorCode, type FactsOf } from './codes.ts';

export const WireError = z.object({
  code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]),
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
  stack: z.string().optional(),
});
export type WireError = z.infer<typeof WireError>;

/** Turns anything thrown into an AppError: what is no AppError is a bug, shown as INTERNAL. */
export function toAppError(thrown: unknown, log = 'the terminal'): AppError {
  if (isAppError(thrown)) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new AppError('INTERNAL', { message, log }, { cause: thrown });
}

export function toWireError(error: AppError): WireError {
  const cause = error.cause instanceof Error ? error.cause : error;
  return { code: error.code, facts: error.facts, ...(cause.stack === undefined ? {} : { stack: cause.stack }) };
}

export function fromWireError(wire: WireError): AppError {
  const error = new AppError(wire.code, wire.facts as FactsOf<ErrorCode>);
  if (wire.stack !== undefined) error.stack = wire.stack;
  return error;
}
