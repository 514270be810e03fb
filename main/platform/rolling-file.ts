/**
 * A file that is appended to line by line: a new one every day and every `maxBytes`, old ones removed when one is opened.
 * Many short processes share a day's file, so age is judged at opening and not by a timer; each line is one append.
 */
import { appendFileSync, mkdirSync, readdirSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';

export interface RollingFile {
  write(line: string): void;
  readonly path: string;
}

interface Rolling {
  readonly directory: string;
  readonly name: string;
  readonly maxBytes: number;
  readonly keepDays: number;
  readonly now?: () => Date;
}

/** Opens the newest file of today. Throws where the folder cannot be written; later refusals only lose lines. */
export function openRollingFile({ directory, name, maxBytes, keepDays, now = () => new Date() }: Rolling): RollingFile {
  mkdirSync(directory, { recursive: true });
  const pathOf = (day: string, part: number): string => join(directory, `${name}-${day}${part === 0 ? '' : `.${part}`}.log`);
  let day = dayOf(now());
  let part = 0;
  const skipFull = (): void => {
    while (sizeOf(pathOf(day, part)) >= maxBytes) part += 1;
  };
  skipFull();
  appendFileSync(pathOf(day, part), '');
  removeOld(directory, name, new Date(now().getTime() - keepDays * 86_400_000));
  let bytes = sizeOf(pathOf(day, part));
  return {
    write: (line) => {
      const today = dayOf(now());
      if (today !== day) [day, part, bytes] = [today, 0, 0];
      if (bytes >= maxBytes) {
        skipFull();
        bytes = sizeOf(pathOf(day, part));
      }
      try {
        appendFileSync(pathOf(day, part), line);
        bytes += Buffer.byteLength(line);
      } catch {
        // A full disk must not end the program through its log.
      }
    },
    get path() {
      return pathOf(day, part);
    },
  };
}

const dayOf = (date: Date): string => date.toISOString().slice(0, 10);

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

function removeOld(directory: string, name: string, before: Date): void {
  const pattern = new RegExp(`^${name}-(\\d{4}-\\d{2}-\\d{2})(\\.\\d+)?\\.log$`);
  for (const file of readdirSync(directory)) {
    const day = pattern.exec(file)?.[1];
    if (day === undefined || day >= dayOf(before)) continue;
    try {
      unlinkSync(join(directory, file));
    } catch {
      // Another process was quicker, or may and this one may not.
    }
  }
}
