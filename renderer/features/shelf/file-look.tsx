/** What a file that is to be imported is: its facts, and what is wrong with it. */
import { Link } from 'react-aria-components';
import type { ShelfKind } from '../../../shared/domain/shelf-entry.ts';
import { fromWireError } from '../../../shared/errors/wire-error.ts';
import { trainingDefaults } from '../../../shared/domain/training-settings.ts';
import { Facts } from '../../components/facts.tsx';
import { Failure, Loading } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import { RowProblems } from '../datasets/row-problems.tsx';
import { RowsPreview } from '../datasets/rows-preview.tsx';
import { modelFacts } from '../models/model-facts.ts';
import { rowFacts } from '../datasets/row-facts.ts';
import { newRunPath } from './shelf-kinds.ts';
import type { Look } from './use-look.ts';
import styles from './shelf.module.css';

const words = texts.shelf.import;

interface FileLookProps {
  readonly kind: ShelfKind;
  /** null: there is none yet. */
  readonly path: string | null;
  readonly look: Look;
}

export function FileLook({ kind, path, look }: FileLookProps) {
  if (path === null) return null;
  const { data, error } = kind === 'model' ? look.model : look.rows;
  if (error !== null) return <Failure error={error} />;
  if (data === undefined) return <Loading />;
  return kind === 'model' ? <ModelLook look={look} /> : <RowsLook look={look} path={path} />;
}

function ModelLook({ look: { model, isSound, facts } }: { readonly look: Look }) {
  const problems = model.data?.problems ?? [];
  return (
    <>
      {!isSound && <p className={styles['warning']}>{words.adapter}</p>}
      <Facts facts={modelFacts(facts)} />
      {problems.length > 0 && <RowProblems problems={problems} />}
    </>
  );
}

function RowsLook({ look: { rows, facts }, path }: { readonly look: Look; readonly path: string }) {
  const { data } = rows;
  if (data === undefined) return null;
  const error = data.problem === null ? null : fromWireError(data.problem);
  // What stops it is said above the list.
  const listed = data.problems.filter(({ problem }) => problem !== error?.message);
  return (
    <>
      {error !== null && (
        <>
          <p className={styles['cannot']}>{texts.shelf.rows.cannot}</p>
          <Failure error={error} />
          {error.code === 'DATASET_COLUMNS_UNKNOWN' && (
            <p>
              {words.mapColumns} <Link href={newRunPath('dataset', path)}>{words.mapColumnsLink}</Link>
            </p>
          )}
        </>
      )}
      {listed.length > 0 && <RowProblems problems={listed} />}
      {error === null && (
        <>
          <Facts facts={rowFacts(facts)} />
          <RowsPreview preview={data} longest={trainingDefaults.max_seq_length} />
        </>
      )}
    </>
  );
}
