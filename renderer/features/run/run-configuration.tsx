/** What really ran: every value as it was resolved, and what was chosen for this machine. */
import { stringify } from 'yaml';
import type { RunDetails } from '../../../shared/contracts/run-calls.ts';
import { Code } from '../../components/code.tsx';
import { Panel } from '../../components/panel.tsx';
import { texts } from '../../texts/texts.ts';

const words = texts.runs.run;

/** The record is there from the first step on; before it, what was asked for. */
export const RunConfiguration = ({ details: { record, request } }: { readonly details: RunDetails }) => (
  <>
    {request.notes.length > 0 && (
      <Panel>
        <ul>
          {request.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      </Panel>
    )}
    <Code label={words.tabs.configuration}>{stringify(record ?? request.config)}</Code>
  </>
);
