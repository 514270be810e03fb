/** Figures of this host in the text format of Prometheus. */
import type { HostStatus } from '../../shared/contracts/host-calls.ts';

export interface HttpCount {
  readonly route: string;
  readonly status: number;
  readonly count: number;
}

export interface Figures {
  readonly status: HostStatus;
  readonly listeners: number;
  readonly requests: readonly HttpCount[];
}

interface Family {
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  readonly help: string;
  readonly samples: readonly { readonly labels?: Readonly<Record<string, string>>; readonly value: number }[];
}

export function metricsText({ status, listeners, requests }: Figures): string {
  const { runs, benchmarks, version, started } = status;
  const families: readonly Family[] = [
    { name: 'lathe_info', type: 'gauge', help: 'Which version this is.', samples: [{ labels: { version, kind: status.kind }, value: 1 }] },
    { name: 'lathe_start_time_seconds', type: 'gauge', help: 'When the host began.', samples: [{ value: Date.parse(started) / 1_000 }] },
    {
      name: 'lathe_runs',
      type: 'gauge',
      help: 'Runs by state.',
      samples: Object.entries(runs.by_state).map(([state, value]) => ({ labels: { state }, value })),
    },
    { name: 'lathe_runs_active', type: 'gauge', help: 'Runs that a process works on.', samples: [{ value: runs.active }] },
    { name: 'lathe_runs_queued', type: 'gauge', help: 'Runs that wait.', samples: [{ value: runs.queued }] },
    { name: 'lathe_scores_active', type: 'gauge', help: 'Benchmark scores that a process works on.', samples: [{ value: benchmarks.active }] },
    { name: 'lathe_benchmarks_queued', type: 'gauge', help: 'Benchmark runs that wait.', samples: [{ value: benchmarks.queued }] },
    { name: 'lathe_event_listeners', type: 'gauge', help: 'Open event streams.', samples: [{ value: listeners }] },
    {
      name: 'lathe_http_requests_total',
      type: 'counter',
      help: 'Requests answered, by route and status.',
      samples: requests.map(({ route, status: code, count }) => ({ labels: { route, status: String(code) }, value: count })),
    },
    { name: 'process_resident_memory_bytes', type: 'gauge', help: 'Memory of the host process.', samples: [{ value: residentBytes() }] },
  ];
  return families.map(familyText).join('');
}

let resident = { bytes: 0, at: -Infinity };

/** Asked of the system at most once a second: it costs more than all the rest of an answer. */
function residentBytes(): number {
  const now = performance.now();
  if (now - resident.at > 1_000) resident = { bytes: process.memoryUsage.rss(), at: now };
  return resident.bytes;
}

function familyText({ name, type, help, samples }: Family): string {
  const lines = samples.map(({ labels = {}, value }) => `${name}${labelText(labels)} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
