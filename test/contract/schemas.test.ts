/** Every schema of the contract with whatever it should take: what it made of a value it takes again, over the line too, and makes the same of it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { calls, coreEvents } from '../../shared/contracts/calls.ts';
import { Job } from '../../shared/contracts/compute-jobs.ts';
import { FromCompute, ToCompute } from '../../shared/contracts/compute-messages.ts';
import { RunLogLine } from '../../shared/contracts/run-events.ts';
import { RunRecord } from '../../shared/domain/run-record.ts';
import { VersionRecord } from '../../shared/domain/version-record.ts';
import { inputsOf } from '../support/schema-arbitrary.ts';

const schemas: readonly (readonly [string, z.ZodType])[] = [
  ...Object.entries(calls).flatMap(([name, { input, output }]) => [[`${name} asked`, input] as const, [`${name} answered`, output] as const]),
  ...Object.entries(coreEvents),
  ...Object.entries({ Job, ToCompute, FromCompute, RunLogLine, RunRecord, VersionRecord }),
];

describe('a schema of the contract', () => {
  it.each(schemas)('%s', (_, schema) => {
    fc.assert(
      fc.property(inputsOf(schema), (value) => {
        const parsed = schema.parse(value);
        expect(schema.parse(parsed)).toEqual(parsed);
        const sent: unknown = JSON.parse(JSON.stringify(parsed));
        expect(JSON.stringify(schema.parse(sent))).toBe(JSON.stringify(sent));
      }),
      { numRuns: 25 },
    );
  });
});

describe('the input of a call', () => {
  const objects = Object.entries(calls);

  it.each(objects)('%s takes no field that it does not know', (_, { input }) => {
    fc.assert(
      fc.property(inputsOf(input), (value) => {
        expect(input.safeParse({ ...(value as object), not_in_the_contract: 1 }).success).toBe(false);
      }),
      { numRuns: 10 },
    );
  });

  it.each(objects)('%s never throws, whatever it is given', (_, { input }) => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(typeof input.safeParse(value).success).toBe('boolean');
      }),
      { numRuns: 25 },
    );
  });
});
