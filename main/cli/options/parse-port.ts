/** The port that a flag names. */
import { InvalidArgumentError } from 'commander';

/** 0: any that is free. */
export function parsePort(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= 65_535) return number;
  throw new InvalidArgumentError('It is no port.');
}
