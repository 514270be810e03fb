/** The tasks that are known: whether their items are here, and where to get those that are not. */
import type { KnownBenchmark } from '../../../shared/contracts/benchmark-calls.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { Badge } from '../../components/badge.tsx';
import { CopyButton } from '../../components/code.tsx';
import { Disclosure } from '../../components/disclosure.tsx';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Loaded } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './benchmarks.module.css';

const words = texts.benchmarks.taskList;

/** `isOpen`: nothing can be done before it is read. */
export function TaskList({ isOpen = false }: { readonly isOpen?: boolean }) {
  const known = useCall('benchmarks.tasks', {});
  return (
    <Panel>
      <Loaded query={known}>
        {({ tasks, broken }) => (
          <Disclosure title={words.title} note={standing(tasks)} isOpenAtFirst={isOpen} level={2}>
            <p className="muted">{words.text}</p>
            <Tasks tasks={tasks} />
            {broken.map(({ path, problem }) => (
              <p key={path} className={styles['worse']}>
                {words.broken(path, problem)}
              </p>
            ))}
          </Disclosure>
        )}
      </Loaded>
    </Panel>
  );
}

function standing(tasks: readonly KnownBenchmark[]): string {
  const here = tasks.filter(({ data }) => data !== null).length;
  return here === tasks.length ? words.haveAll : words.some(here, tasks.length);
}

const Tasks = ({ tasks }: { readonly tasks: readonly KnownBenchmark[] }) => (
  <PlainTable label={words.title} columns={words.columns}>
    {tasks.map(({ name, title, data, licence, url, expected, built_in: isBuiltIn }) => (
      <tr key={name}>
        <th scope="row">
          {title} {!isBuiltIn && <Badge>{words.own}</Badge>}
        </th>
        <td>{data === null ? <Badge tone="warn">{words.missing}</Badge> : <Badge tone="good">{words.here}</Badge>}</td>
        <td>{licence}</td>
        <td>{url === '' ? '—' : <Copied text={url} label={words.copyUrl(name)} />}</td>
        <td>
          <Copied text={expected} label={words.copyPath(name)} />
        </td>
      </tr>
    ))}
  </PlainTable>
);

/** The page opens nothing from outside; what is copied can be opened elsewhere. */
const Copied = ({ text, label }: { readonly text: string; readonly label: string }) => (
  <div className={styles['path']}>
    <code>{text}</code>
    <CopyButton text={text} label={label} />
  </div>
);
