/** A million rows out of a HANA into a file: the process of the drivers stays as small as it was, and the core sees none of them. */
import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { fetchSource } from '../../main/services/hana/data/fetch-source.ts';
import { projectFiles } from '../../main/platform/project-files.ts';
import { HanaProcess } from '../../main/workers/hana-process.ts';
import { nodeForkTransport } from '../../main/workers/node-fork-transport.ts';
import { HanaSource } from '../../shared/domain/hana-source.ts';
import { driversToTest, hanaClientFolder, hanaPassword, startHana } from '../support/hana-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const count = 1_000_000;
/** In MB. */
const residentOf = (pid: number): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1] ?? 0) / 1_024;

describe.each(driversToTest)('$driver', ({ driver, missing }) => {
  it.skipIf(missing !== null || process.platform !== 'linux')('streams a million rows in flat memory', { timeout: 1_200_000 }, async () => {
    const server = await startHana();
    let pid = 0;
    const hana = new HanaProcess({
      start: (listener) => {
        const child = nodeForkTransport().start(projectFiles.hanaEntry, {}, listener);
        pid = child.pid ?? 0;
        return child;
      },
      logPath: () => '/the.log',
      onOutput: () => undefined,
    });
    const session = await hana.open({ connection: server.connection({ driver }), password: hanaPassword, driverFolders: [hanaClientFolder] });
    await session.update('CREATE COLUMN TABLE QA (ID INTEGER PRIMARY KEY, QUESTION NVARCHAR(500), ANSWER NVARCHAR(500))');
    await session.update('INSERT INTO QA (ID, QUESTION, ANSWER) VALUES (0, ?, ?)', [
      `a question of some length ${'x'.repeat(60)}`,
      `an answer ${'y'.repeat(60)}`,
    ]);
    for (let has = 1; has < count; has *= 2)
      await session.update(
        `INSERT INTO QA (ID, QUESTION, ANSWER) SELECT ID + ${String(has)}, QUESTION, ANSWER FROM QA WHERE ID + ${String(has)} < ${String(count)}`,
      );
    await session.commit();
    const figures: number[] = [];
    const began = Date.now();
    const source = HanaSource.parse({ connection: 'test', table: 'QA', fields: { prompt: 'QUESTION', completion: 'ANSWER' }, order_by: 'ID' });
    const { file, rows } = await fetchSource({ source, session, cache: join(temporaryFolder(), 'cache'), onProgress: () => figures.push(residentOf(pid)) });
    let lines = 0;
    for await (const _ of createInterface({ input: createReadStream(file) })) lines += 1;
    await session.close();
    hana.close();
    await server.stop();
    const early = Math.max(...figures.slice(0, figures.length / 10));
    const late = Math.max(...figures.slice(-figures.length / 2));
    process.stdout.write(
      `${driver}: ${String(rows)} rows in ${String((Date.now() - began) / 1_000)} s, resident ${early.toFixed(0)} MB early, ${late.toFixed(0)} MB late\n`,
    );
    expect([rows, lines]).toEqual([count, count]);
    expect(late).toBeLessThan(early + 60);
  });
});
