/** The newest lines of the log, which go on as they are written. */
import { useEffect, useMemo, useRef, useState } from 'react';
import type { ShownLogLine } from '../../../shared/contracts/desk-calls.ts';
import { logLevels, type LogLevel } from '../../../shared/domain/logging-config.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { CopyButton } from '../../components/code.tsx';
import { SearchField, SelectField, SwitchField } from '../../components/field.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty, Loaded } from '../../components/states.tsx';
import { Toolbar } from '../../components/toolbar.tsx';
import { texts } from '../../texts/texts.ts';
import { runTitle } from '../runs/run-title.ts';
import { factsText, linesWith, logLineText } from './log-line-text.ts';
import styles from './settings.module.css';
import { Folder } from './storage-section.tsx';

const words = texts.settings.logs;
const levelChoices = logLevels.map((id) => ({ id, label: words.levels[id] }));
const everyMs = 2_000;
const limit = 500;
const anyRun = '';

export function LogsSection() {
  const [level, setLevel] = useState<LogLevel>('info');
  const [run, setRun] = useState(anyRun);
  const [text, setText] = useState('');
  const [isFollowing, setFollowing] = useState(true);
  const runs = useCall('runs.list', { limit: 100 });
  const asked = { level, limit, run: run === anyRun ? null : run };
  const logs = useCall('host.logs', asked, { keepPrevious: true, ...(isFollowing && { refetchMs: everyMs }) });
  const lines = useMemo(() => linesWith(logs.data?.lines ?? [], text), [logs.data, text]);
  const runChoices = [{ id: anyRun, label: words.anyRun }, ...(runs.data?.runs ?? []).map((each) => ({ id: each.run, label: runTitle(each) }))];
  return (
    <>
      <Toolbar>
        <SelectField label={words.level} hideLabel value={level} onChange={setLevel} choices={levelChoices} />
        <SelectField label={words.run} hideLabel value={run} onChange={setRun} choices={runChoices} />
        <SearchField label={words.search} value={text} onChange={setText} />
        <Toolbar.End>
          <SwitchField label={words.follow} value={isFollowing} onChange={setFollowing} />
          <CopyButton text={lines.map(logLineText).join('\n')} />
        </Toolbar.End>
      </Toolbar>
      <Loaded query={logs}>
        {({ path }) => (
          <>
            <Panel flush>{lines.length === 0 ? <Empty title={words.empty} /> : <Lines lines={lines} isFollowing={isFollowing} />}</Panel>
            <div className={styles['row']}>
              <span className="muted">{words.file}</span>
              <Folder path={path} />
            </div>
          </>
        )}
      </Loaded>
    </>
  );
}

/** While it is followed its end is in view, unless somebody has scrolled back to read. */
function Lines({ lines, isFollowing }: { readonly lines: readonly ShownLogLine[]; readonly isFollowing: boolean }) {
  const list = useRef<HTMLOListElement>(null);
  const isAtEnd = useRef(true);
  useEffect(() => {
    const at = list.current;
    if (at !== null && isFollowing && isAtEnd.current) at.scrollTop = at.scrollHeight;
  }, [lines, isFollowing]);
  const scrolled = (): void => {
    const at = list.current;
    if (at !== null) isAtEnd.current = at.scrollHeight - at.scrollTop - at.clientHeight < nearPixels;
  };
  return (
    <ol ref={list} onScroll={scrolled} className={styles['lines']} aria-label={words.lines} tabIndex={0}>
      {lines.map((line, index) => (
        <Line key={`${line.time ?? ''} ${index}`} line={line} />
      ))}
    </ol>
  );
}

const nearPixels = 24;
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3, hour12: false });

const Line = ({ line: { time, level, name, message, fields } }: { readonly line: ShownLogLine }) => (
  <li className={styles['line']} data-level={level}>
    {time === null ? (
      <span />
    ) : (
      <time dateTime={time} title={time}>
        {clock.format(new Date(time))}
      </time>
    )}
    <span className={styles['level']}>{level}</span>
    <span>
      {name !== '' && `${name}: `}
      {message} <span className={styles['fact']}>{factsText(fields)}</span>
    </span>
  </li>
);
