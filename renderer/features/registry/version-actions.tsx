/** What can be done with a version in the state it is in. */
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { Ellipsis } from 'lucide-react';
import type { VersionDetails } from '../../../shared/contracts/registry-calls.ts';
import { versionText } from '../../../shared/domain/version.ts';
import { isImmutable, mayBecome } from '../../../shared/domain/version-state.ts';
import { useCore } from '../../bridge/core-context.tsx';
import { Button } from '../../components/button.tsx';
import { Menu, type MenuAction } from '../../components/menu.tsx';
import { texts } from '../../texts/texts.ts';
import { newBenchmarkPath } from '../benchmarks/benchmark-paths.ts';
import { deployPath } from '../deploy/deployment-words.ts';
import { tryPath } from '../playground/try-path.ts';
import { ApproveDialog } from './approve-dialog.tsx';
import { EditDialog } from './edit-dialog.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { StateDialog } from './state-dialog.tsx';
import { TagsDialog } from './tags-dialog.tsx';
import { comparePath } from './version-path.ts';

const words = texts.registry.version;
type Asking = 'candidate' | 'draft' | 'approved' | 'retired' | 'tags' | 'export' | 'edit' | 'remove';

export function VersionActions({ version }: { readonly version: VersionDetails }) {
  const [asking, ask] = useState<Asking | null>(null);
  const { state } = version;
  return (
    <>
      {state === 'draft' && (
        <Button look="primary" onPress={() => ask('candidate')}>
          {words.propose}
        </Button>
      )}
      {state === 'candidate' && (
        <Button look="primary" onPress={() => ask('approved')}>
          {words.approve}
        </Button>
      )}
      {version.kind === 'adapter' && state === 'approved' && <DeployButton version={version} />}
      <Button onPress={() => ask('tags')}>{words.changeTags}</Button>
      {version.kind !== 'note' && <Button onPress={() => ask('export')}>{texts.registry.export.open}</Button>}
      <More version={version} ask={ask} />
      {asking !== null && <Asked asking={asking} version={version} onClose={() => ask(null)} />}
    </>
  );
}

function DeployButton({ version }: { readonly version: VersionDetails }) {
  const navigate = useNavigate();
  return (
    <Button look="primary" onPress={() => void navigate(deployPath({ model: versionText(version) }))}>
      {words.deploy}
    </Button>
  );
}

function More({ version, ask }: { readonly version: VersionDetails; readonly ask: (asking: Asking) => void }) {
  const navigate = useNavigate();
  const { shell } = useCore();
  const { state, dir } = version;
  const actions: readonly MenuAction[] = [
    ...(version.kind === 'adapter'
      ? [{ id: 'try', label: texts.playground.try, act: () => void navigate(tryPath(`${version.name}@${version.version}`)) }]
      : []),
    ...(version.kind === 'note'
      ? []
      : [
          {
            id: 'score',
            label: texts.benchmarks.version.start,
            act: () => void navigate(newBenchmarkPath({ models: [`${version.name}@${version.version}`] })),
          },
        ]),
    // Where a target takes versions without approval.
    ...(version.kind === 'adapter' && (state === 'draft' || state === 'candidate')
      ? [{ id: 'deploy', label: words.deploy, act: () => void navigate(deployPath({ model: versionText(version) })) }]
      : []),
    { id: 'compare', label: words.compare, act: () => void navigate(comparePath(version, null)) },
    { id: 'edit', label: words.edit, disabled: isImmutable(state), act: () => ask('edit') },
    ...(shell === null ? [] : [{ id: 'folder', label: texts.actions.showInFolder, act: () => void shell.showInFolder(dir) }]),
    ...(state === 'candidate' ? [{ id: 'draft', label: words.back, act: () => ask('draft') }] : []),
    ...(mayBecome(state, 'retired') ? [{ id: 'retired', label: words.retire, danger: true, act: () => ask('retired') }] : []),
    ...(state === 'draft' ? [{ id: 'remove', label: words.remove, danger: true, act: () => ask('remove') }] : []),
  ];
  return (
    <Menu label={texts.actions.more} actions={actions}>
      <Ellipsis aria-hidden />
    </Menu>
  );
}

interface AskedProps {
  readonly asking: Asking;
  readonly version: VersionDetails;
  readonly onClose: () => void;
}

function Asked({ asking, ...dialog }: AskedProps) {
  switch (asking) {
    case 'approved':
      return <ApproveDialog {...dialog} />;
    case 'tags':
      return <TagsDialog {...dialog} />;
    case 'export':
      return <ExportDialog {...dialog} />;
    case 'edit':
      return <EditDialog {...dialog} />;
    case 'remove':
      return <RemoveDialog {...dialog} />;
    default:
      return <StateDialog {...dialog} state={asking} />;
  }
}
