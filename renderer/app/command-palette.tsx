/** Ctrl/Cmd-K: go to any place, run, version or deployment, or do one of the common things, by writing a part of its name. */
import { useMemo } from 'react';
import { Autocomplete, Dialog, Input, Menu, MenuItem, Modal, ModalOverlay, SearchField, Text, useFilter } from 'react-aria-components';
import { useNavigate } from 'react-router';
import { useCall } from '../bridge/core-context.tsx';
import { benchmarkRunPath } from '../features/benchmarks/benchmark-paths.ts';
import { benchmarkTitle } from '../features/benchmarks/benchmark-title.ts';
import { texts } from '../texts/texts.ts';
import styles from './command-palette.module.css';
import { places } from './places.ts';
import { themes, useTheme } from './theme.ts';

interface Command {
  readonly id: string;
  readonly label: string;
  /** What kind of thing it is. */
  readonly kind: string;
  readonly act: () => void;
}

export function CommandPalette({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  return (
    <ModalOverlay className={styles['scrim'] ?? ''} isOpen={isOpen} onOpenChange={(open) => !open && onClose()} isDismissable>
      <Modal className={styles['modal'] ?? ''}>
        <Dialog aria-label={texts.frame.palette} className={styles['dialog'] ?? ''}>
          <Palette onClose={onClose} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Palette({ onClose }: { readonly onClose: () => void }) {
  const commands = useCommands();
  const filter = useFilter({ sensitivity: 'base' });
  const act = (id: string): void => {
    onClose();
    commands.find((command) => command.id === id)?.act();
  };
  return (
    <Autocomplete filter={(text, part) => filter.contains(text, part)}>
      <SearchField aria-label={texts.frame.palette} autoFocus className={styles['search'] ?? ''}>
        <Input placeholder={texts.frame.palette} className={styles['input'] ?? ''} />
      </SearchField>
      <Menu items={commands} onAction={(id) => act(String(id))} className={styles['list'] ?? ''} renderEmptyState={() => texts.frame.paletteEmpty}>
        {({ id, label, kind }) => (
          <MenuItem id={id} textValue={label} className={styles['item'] ?? ''}>
            <Text slot="label">{label}</Text>
            <Text slot="description">{kind}</Text>
          </MenuItem>
        )}
      </Menu>
    </Autocomplete>
  );
}

const listed = 200;

function useCommands(): readonly Command[] {
  const navigate = useNavigate();
  const choose = useTheme((state) => state.choose);
  const runs = useCall('runs.list', { limit: listed });
  const versions = useCall('registry.list', { limit: listed });
  const benchmarks = useCall('benchmarks.list', { limit: listed });
  const deployments = useCall('deployments.list', { limit: listed });
  return useMemo(() => {
    const go = (path: string) => () => void navigate(path);
    return [
      { id: 'new-run', label: texts.places.newRun, kind: texts.palette.action, act: go('/runs/new') },
      { id: 'new-benchmark', label: texts.benchmarks.start, kind: texts.palette.action, act: go('/benchmarks/new') },
      { id: 'new-schedule', label: texts.schedules.new, kind: texts.palette.action, act: go('/benchmarks/schedules/new') },
      { id: 'deploy-version', label: texts.deploy.new, kind: texts.palette.action, act: go('/deploy/new') },
      { id: 'new-target', label: texts.deploy.newTarget, kind: texts.palette.action, act: go('/deploy/target') },
      ...places.map(({ path, title }) => ({ id: path, label: title, kind: texts.palette.place, act: go(path) })),
      { id: '/benchmarks/trend', label: texts.benchmarks.trends.title, kind: texts.palette.place, act: go('/benchmarks/trend') },
      { id: '/benchmarks/schedules', label: texts.schedules.title, kind: texts.palette.place, act: go('/benchmarks/schedules') },
      ...themes.map((theme) => ({
        id: `theme-${theme}`,
        label: `${texts.frame.theme}: ${texts.theme[theme]}`,
        kind: texts.palette.action,
        act: () => choose(theme),
      })),
      ...(runs.data?.runs ?? []).map(({ run, name }) => ({ id: run, label: name ?? run, kind: texts.palette.run, act: go(`/runs/${run}`) })),
      ...(benchmarks.data?.runs ?? []).map((each) => ({
        id: each.run,
        label: benchmarkTitle(each),
        kind: texts.palette.benchmark,
        act: go(benchmarkRunPath(each.run)),
      })),
      ...(versions.data?.versions ?? []).map(({ name, version }) => ({
        id: `${name}@${version}`,
        label: `${name}@${version}`,
        kind: texts.palette.version,
        act: go(`/registry/${name}/${version}`),
      })),
      ...(deployments.data?.deployments ?? []).map(({ deployment, name, version, alias, target }) => ({
        id: deployment,
        label: `${name}@${version}, ${texts.deploy.active.on(alias, target)}`,
        kind: texts.palette.deployment,
        act: go(`/deploy/${deployment}`),
      })),
    ];
  }, [navigate, choose, runs.data, versions.data, benchmarks.data, deployments.data]);
}
