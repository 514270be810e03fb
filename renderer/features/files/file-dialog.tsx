/** Chooses a file or folder in a browser, which knows none of the paths of the machine that the core runs on. */
import { CornerLeftUp, File, Folder } from 'lucide-react';
import { useState, type SyntheticEvent } from 'react';
import type { OutputOf } from '../../../shared/contracts/calls.ts';
import { formatBytes } from '../../../shared/text/format.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { DataTable, type TableColumn } from '../../components/data-table.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { TextField } from '../../components/field.tsx';
import { Loaded } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import { canBeChosen, listedAs, type FileKind } from './file-kinds.ts';
import styles from './files.module.css';
import { isWholePath, looksLikeFile } from './whole-path.ts';

const words = texts.files;
type Listing = OutputOf<'files.list'>;
type Entry = Listing['entries'][number];

interface FileDialogProps {
  readonly kind: FileKind;
  readonly onChoose: (path: string) => void;
  readonly onClose: () => void;
}

/** Nobody tells when a folder changes. */
const refetchMs = 3_000;

export function FileDialog({ kind, onChoose, onClose }: FileDialogProps) {
  // null: where the core begins.
  const [dir, setDir] = useState<string | null>(null);
  const [written, setWritten] = useState<string | null>(null);
  const listing = useCall('files.list', { dir, kind: listedAs[kind] }, { refetchMs });
  const path = (written ?? listing.data?.dir ?? dir ?? '').trim();
  const isWhole = isWholePath(path);
  const enter = (folder: string): void => {
    setDir(folder);
    setWritten(null);
  };
  const open = (entry: Entry): void => (entry.kind === 'folder' ? enter(entry.path) : setWritten(entry.path));
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (!isWhole) return;
    if (kind !== 'folder' && looksLikeFile(path)) onChoose(path);
    else enter(path);
  };
  return (
    <Dialog
      wide
      isOpen
      title={words.titles[kind]}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{texts.actions.cancel}</Button>
          <Button look="primary" isDisabled={!isWhole} onPress={() => onChoose(path)}>
            {words.choose}
          </Button>
        </>
      }
    >
      <p className="muted">{words.hints[kind]}</p>
      <form onSubmit={submit} className={styles['path']}>
        <TextField
          label={words.path}
          problem={path === '' || isWhole ? null : words.pathProblem}
          value={written ?? path}
          onChange={setWritten}
          mono
          autoFocus
        />
        <Button type="submit" isDisabled={!isWhole}>
          {words.go}
        </Button>
      </form>
      <Loaded query={listing}>{(found) => <Entries listing={found} kind={kind} onOpen={open} onUp={enter} />}</Loaded>
    </Dialog>
  );
}

interface EntriesProps {
  readonly listing: Listing;
  readonly kind: FileKind;
  readonly onOpen: (entry: Entry) => void;
  readonly onUp: (folder: string) => void;
}

const columns: readonly [TableColumn<Entry>, TableColumn<Entry>] = [
  { id: 'name', title: words.name, width: '1fr', minWidth: 160, cell: (entry) => <EntryName entry={entry} /> },
  { id: 'size', title: words.size, width: 110, alignEnd: true, cell: ({ bytes }) => (bytes === null ? '' : formatBytes(bytes)) },
];

const Entries = ({ listing: { dir, parent, entries }, kind, onOpen, onUp }: EntriesProps) => (
  <>
    <div className={styles['here']}>
      <Button small isDisabled={parent === null} onPress={() => parent !== null && onUp(parent)}>
        <CornerLeftUp aria-hidden />
        {words.up}
      </Button>
      <span className="mono">{dir}</span>
    </div>
    <div className={styles['entries']}>
      <DataTable
        label={words.listing(dir)}
        items={entries.filter((entry) => entry.kind === 'folder' || canBeChosen(kind, entry))}
        columns={columns}
        idOf={({ path }) => path}
        onOpen={onOpen}
        empty={words.emptyFolder}
      />
    </div>
  </>
);

const EntryName = ({ entry: { name, kind, fits } }: { readonly entry: Entry }) => (
  <span className={styles['name']}>
    {kind === 'folder' ? <Folder aria-label={words.folderMark} /> : <File aria-hidden />}
    {name}
    {kind === 'folder' && fits && <Badge tone="info">{words.modelFolder}</Badge>}
  </span>
);
