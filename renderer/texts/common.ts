/** Words that more than one view shows. */
import type { RunState } from '../../shared/domain/run-state.ts';
import type { VersionState } from '../../shared/domain/version-state.ts';

const runStates: Readonly<Record<RunState, string>> = {
  queued: 'Queued',
  running: 'Running',
  paused: 'Paused',
  stopping: 'Stopping',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Stopped',
  interrupted: 'Interrupted',
};

const versionStates: Readonly<Record<VersionState, string>> = { draft: 'Draft', candidate: 'Candidate', approved: 'Approved', retired: 'Retired' };

export const common = {
  product: 'Lathe',
  places: {
    home: 'Home',
    runs: 'Runs',
    newRun: 'New run',
    models: 'Models',
    datasets: 'Data sets',
    registry: 'Registry',
    benchmarks: 'Benchmarks',
    deploy: 'Deploy',
    playground: 'Playground',
    hana: 'HANA',
    settings: 'Settings',
    help: 'Help',
  },
  actions: {
    cancel: 'Cancel',
    close: 'Close',
    confirm: 'Confirm',
    copy: 'Copy',
    copied: 'Copied',
    remove: 'Remove',
    retry: 'Try again',
    search: 'Search',
    choose: 'Choose …',
    browse: 'Browse …',
    more: 'More',
    showInFolder: 'Show in folder',
    open: 'Open',
    save: 'Save',
  },
  fields: { missing: 'Fill this in.', must: (problem: string) => `It ${problem}.` },
  frame: {
    navigation: 'Main',
    skip: 'Skip to the content',
    palette: 'Go to or do …',
    paletteShortcut: (isMac: boolean) => (isMac ? '⌘K' : 'Ctrl K'),
    paletteEmpty: 'Nothing is called that.',
    theme: 'Theme',
    lost: 'The core does not answer. It is being reached again; nothing is lost meanwhile.',
    crashed: 'This view has failed',
    crashedWhy: 'The rest goes on. What happened is in the text below.',
  },
  states: {
    loading: 'Loading …',
    failed: 'This could not be loaded',
    nothingFound: 'Nothing fits the filter.',
    noEntry: 'It may have been removed, the address may be cut off, or it belongs to another installation.',
  },
  palette: { place: 'Place', action: 'Action', run: 'Run', version: 'Version', benchmark: 'Benchmark', deployment: 'Deployment' },
  runStates,
  versionStates,
  theme: { system: 'As the system', light: 'Light', dark: 'Dark' },
} as const;
