/** The power source, from folders laid out as Linux lays them out. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { powerSupplies, readPower, watchPower } from './power.ts';

const folder = temporaryFolder();

function lay(name: string, supplies: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
  const path = join(folder, name);
  rmSync(path, { recursive: true, force: true });
  for (const [supply, facts] of Object.entries(supplies)) {
    mkdirSync(join(path, supply), { recursive: true });
    for (const [fact, value] of Object.entries(facts)) writeFileSync(join(path, supply, fact), `${value}\n`);
  }
  return path;
}

const discharging = { type: 'Battery', status: 'Discharging' };
const charger = (online: string): Record<string, string> => ({ type: 'Mains', online });

describe('readPower', () => {
  it.each([
    ['a laptop on its battery', { AC: charger('0'), BAT0: discharging }, 'battery'],
    ['a laptop on mains', { AC: charger('1'), BAT0: { type: 'Battery', status: 'Charging' } }, 'mains'],
    ['a charger too weak for it', { AC: charger('1'), BAT0: discharging }, 'mains'],
    ['a charger on USB-C', { 'ucsi-source-psy': { type: 'USB', online: '1' }, BAT0: discharging }, 'mains'],
    ['a tablet that names no charger', { BAT0: discharging }, 'battery'],
    ['a full battery that is not used', { AC: charger('0'), BAT0: { type: 'Battery', status: 'Full' } }, 'mains'],
    ['a desktop with a mouse on battery', { mouse: { ...discharging, scope: 'Device' } }, 'mains'],
    ['a supply that says nothing', { odd: {} }, 'mains'],
  ])('%s', (_, supplies, source) => {
    expect(readPower(lay('supplies', supplies))).toBe(source);
  });

  it('is mains where there is nothing to read', () => {
    expect(readPower(join(folder, 'missing'))).toBe('mains');
    expect(powerSupplies({}, 'darwin').isKnown).toBe(false);
    expect(powerSupplies({ LATHE_POWER_SUPPLY: folder }, 'darwin').isKnown).toBe(true);
  });
});

describe('watchPower', () => {
  it('tells at once and at each change', async () => {
    const path = lay('watched', { AC: charger('0'), BAT0: discharging });
    const reader = powerSupplies({ LATHE_POWER_SUPPLY: path });
    const seen: string[] = [];
    await new Promise<void>((resolve) => {
      const keepAlive = setInterval(() => undefined, 1000); // the watch alone keeps no process alive
      const stop = watchPower(
        reader,
        (source) => {
          seen.push(source);
          if (seen.length === 1) return writeFileSync(join(path, 'AC', 'online'), '1\n');
          stop();
          clearInterval(keepAlive);
          resolve();
        },
        1,
      );
    });
    expect(seen).toEqual(['battery', 'mains']);
  });
});
