/** A row of the contract table: what a call takes, what it answers, who may make it. */
import type { z } from 'zod';
import type { Role } from '../domain/role.ts';

export interface CallRow<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  /** One sentence, for the table of calls. */
  readonly does: string;
  readonly role: Role;
  /** Its answer holds a secret, so the answer is kept nowhere. */
  readonly secret?: true;
  readonly input: Input;
  readonly output: Output;
}

/** Keeps the schemas' own types. */
export const call = <Input extends z.ZodType, Output extends z.ZodType>(row: CallRow<Input, Output>): CallRow<Input, Output> => row;
