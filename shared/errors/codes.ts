/**
 * Every failure Lathe expects, by code. The table is the documentation: `npm run docs` prints it, and the
 * text, exit code and HTTP status of an error come from its row.
 */
import { benchmarkCodes } from './benchmark-codes.ts';
import { coreCodes } from './core-codes.ts';
import { dataCodes } from './data-codes.ts';
import { deploymentCodes } from './deployment-codes.ts';
import { engineCodes } from './engine-codes.ts';
import { formatCodes } from './format-codes.ts';
import { hanaCodes } from './hana-codes.ts';
import { keepingCodes } from './keeping-codes.ts';
import { servingCodes } from './serving-codes.ts';
import { registryCodes } from './registry-codes.ts';
import { runCodes } from './run-codes.ts';
import { scheduleCodes } from './schedule-codes.ts';
import { syncCodes } from './sync-codes.ts';

export const errorCodes = {
  ...engineCodes,
  ...formatCodes,
  ...dataCodes,
  ...runCodes,
  ...coreCodes,
  ...keepingCodes,
  ...syncCodes,
  ...registryCodes,
  ...benchmarkCodes,
  ...deploymentCodes,
  ...servingCodes,
  ...scheduleCodes,
  ...hanaCodes,
} as const;
export type ErrorCode = keyof typeof errorCodes;

type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholders<Rest> : never;

/** The facts a code's message and remedy are rendered from: one entry for each `{placeholder}` of its row. */
export type FactsOf<C extends ErrorCode> = {
  readonly [Name in Placeholders<(typeof errorCodes)[C]['message'] | (typeof errorCodes)[C]['remedy']>]: string | number;
};
