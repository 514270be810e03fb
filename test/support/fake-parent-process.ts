/** Starts a fake compute process that would run for ever; the test kills this parent. */
import { join } from 'node:path';
import { nodeForkTransport } from '../../main/workers/node-fork-transport.ts';
import { Supervisor } from '../../main/workers/supervisor.ts';
import { cpuDefaults } from '../../shared/domain/cpu-optimization.ts';
import { keepingLogger } from './keeping-logger.ts';

const entry = join(import.meta.dirname, 'fake-compute-process.ts');
const supervisor = new Supervisor({ transport: nodeForkTransport(), entry, log: keepingLogger(), logPath: () => '', cache: '' });
const engine = { cpu: cpuDefaults(1), precision: 'auto' } as const;
const prompt = `outlive ${process.env['LATHE_TEST_PID_FILE'] ?? ''}`;
const job = { kind: 'generate', model: '/m', adapter: null, prompt, chat: true, system: null, maxTokens: 1, temperature: 0, topP: 1, seed: 1, engine } as const;
await supervisor.run(job, { correlation: 'test', isa: 'ref', again: '', onEvent: () => undefined }).result;
