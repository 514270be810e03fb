/** Whether the machine runs on mains or on battery, as Linux tells it. Where that cannot be told it counts as mains. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type PowerSource = 'mains' | 'battery';

export interface PowerReader {
  /** Whether there is anything to read on this system. */
  readonly isKnown: boolean;
  read(): PowerSource;
}

/** The kernel's folder of power supplies (Documentation/ABI/testing/sysfs-class-power); LATHE_POWER_SUPPLY names another one, laid out the same. */
export function powerSupplies(environment: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): PowerReader {
  const folder = environment['LATHE_POWER_SUPPLY'] ?? '/sys/class/power_supply';
  return { isKnown: platform === 'linux' || environment['LATHE_POWER_SUPPLY'] !== undefined, read: () => readPower(folder) };
}

/** Battery where no charger is online and one of the machine's own batteries is being emptied: a mouse has a battery, too. */
export function readPower(folder: string): PowerSource {
  const supplies = namesIn(folder).map(
    (name) =>
      (fact: string): string =>
        readFact(join(folder, name, fact)),
  );
  const isOnline = supplies.some((supply) => supply('type') !== 'Battery' && supply('online') === '1');
  const isEmptied = supplies.some((supply) => supply('type') === 'Battery' && supply('scope') !== 'Device' && supply('status') === 'Discharging');
  return isEmptied && !isOnline ? 'battery' : 'mains';
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readFact(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

/** How often the power source is looked at. */
const LOOK_MS = 2_000;

/** Tells of the power source at once and at each change, until it is stopped. */
export function watchPower(reader: PowerReader, onChange: (source: PowerSource) => void, everyMs = LOOK_MS): () => void {
  let last: PowerSource | undefined;
  const look = (): void => {
    const source = reader.read();
    if (source === last) return;
    last = source;
    onChange(source);
  };
  look();
  const timer = setInterval(look, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
