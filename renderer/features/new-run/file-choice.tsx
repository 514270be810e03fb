/** A model or rows to choose: what comes with Lathe, what is on the shelf, a file from elsewhere, or one that is dropped here. */
import { FolderOpen } from 'lucide-react';
import type { About } from '../../../shared/contracts/desk-calls.ts';
import type { ShelfItem } from '../../../shared/contracts/shelf-calls.ts';
import type { ShelfKind } from '../../../shared/domain/shelf-entry.ts';
import { shelfNameOf } from '../../../shared/domain/shelf-names.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { ChoiceCards, type ChoiceCard } from '../../components/choice-cards.tsx';
import { Panel } from '../../components/panel.tsx';
import { Loaded } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import { DropFile } from '../files/drop-file.tsx';
import { useChooseFile } from '../files/use-choose-file.tsx';
import { shelfCalls } from '../shelf/shelf-kinds.ts';
import { withFile } from './with-file.ts';
import styles from './new-run.module.css';

type Demo = About['demo'];

interface FileChoiceProps {
  readonly kind: ShelfKind;
  readonly words: { readonly choose: string; readonly demo: string; readonly demoText: string; readonly file: string; readonly fileText: string };
  /** A path or a name; null: none yet. */
  readonly value: string | null;
  readonly onChoose: (reference: string) => void;
  /** What comes with Lathe. */
  readonly demoOf: (demo: Demo) => { readonly path: string | undefined; readonly title: string };
  /** It is also known by another name than its path. */
  readonly isDemo?: (reference: string, path: string | undefined) => boolean;
  /** Of something on the shelf, in a line. */
  readonly lineOf: (item: ShelfItem) => string;
}

export function FileChoice({ kind, words, value, onChoose, demoOf, isDemo, lineOf }: FileChoiceProps) {
  const about = useCall('host.about', {});
  const shelf = useCall(shelfCalls[kind].list, {});
  const { chooseFile, dialog } = useChooseFile();
  const browse = async (): Promise<void> => {
    const path = await chooseFile(kind === 'model' ? 'model' : 'data');
    if (path !== null) onChoose(path);
  };
  const cards = (demo: Demo, items: readonly ShelfItem[]) => {
    const { path, title } = demoOf(demo);
    const known: ChoiceCard<string>[] = [
      ...(path === undefined ? [] : [{ id: path, title, mark: <Badge>{words.demo}</Badge>, text: words.demoText }]),
      ...items.map((item) => ({ id: item.name, title: item.name, mark: <Badge>{texts.newRun.model.shelf}</Badge>, text: lineOf(item) })),
    ];
    // A file that is on the shelf as well is that of the shelf.
    const kept = value === null ? null : shelfNameOf(value, items);
    const shown = kept ?? (value !== null && isDemo?.(value, path) === true ? (path ?? null) : value);
    return <ChoiceCards label={words.choose} hideLabel minWidth={300} cards={withFile(known, shown)} value={shown} onChange={onChoose} />;
  };
  return (
    <DropFile onDrop={onChoose}>
      <Panel title={words.choose}>
        <div className={styles['part']}>
          <Loaded query={about}>{({ demo }) => <Loaded query={shelf}>{({ items }) => cards(demo, items)}</Loaded>}</Loaded>
          <div className={styles['browse']}>
            <Button onPress={() => void browse()}>
              <FolderOpen aria-hidden />
              {words.file}
            </Button>
            <span className="muted">{words.fileText}</span>
          </div>
        </div>
        {dialog}
      </Panel>
    </DropFile>
  );
}
