/** Where the tags of a name have been, newest first. */
import type { UseQueryResult } from '@tanstack/react-query';
import type { OutputOf } from '../../../shared/contracts/calls.ts';
import type { AppError } from '../../../shared/errors/app-error.ts';
import { PlainTable } from '../../components/plain-table.tsx';
import { Loaded } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { texts } from '../../texts/texts.ts';
import { actorText, tagMove } from './history-entries.ts';

const words = texts.registry.tags;

export const TagHistory = ({ query }: { readonly query: UseQueryResult<OutputOf<'registry.history'>, AppError> }) => (
  <Loaded query={query}>
    {({ history }) =>
      history.length === 0 ? (
        <p className="muted">{words.noHistory}</p>
      ) : (
        <PlainTable label={words.history} columns={words.columns}>
          {history
            .toSorted((one, other) => other.at.localeCompare(one.at))
            .map((entry) => (
              <tr key={`${entry.at} ${entry.tag}`}>
                <td>
                  <Time at={entry.at} />
                </td>
                <th scope="row">{entry.tag}</th>
                <td>{tagMove(entry)}</td>
                <td>{actorText(entry.actor)}</td>
                <td>{entry.reason ?? '—'}</td>
              </tr>
            ))}
        </PlainTable>
      )
    }
  </Loaded>
);
