import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { oomKills } from './oom-kills.ts';

const folder = temporaryFolder();

it('adds up what the machine and the control group count, and passes over what is not there', () => {
  writeFileSync(join(folder, 'vmstat'), 'nr_free_pages 12\noom_kill 3\npgfault 9\n');
  writeFileSync(join(folder, 'events'), 'low 0\noom 2\noom_kill 2\noom_group_kill 7\n');
  expect(oomKills([join(folder, 'vmstat'), join(folder, 'events'), join(folder, 'none')])).toBe(5);
  expect(oomKills([join(folder, 'none')])).toBe(0);
});
