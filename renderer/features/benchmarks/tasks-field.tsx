/** On which tasks: those whose items are here, and those whose items are missing, with where they are looked for. */
import type { KnownBenchmark } from '../../../shared/contracts/benchmark-calls.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { Badge } from '../../components/badge.tsx';
import { CheckCards, type CheckCard } from '../../components/check-cards.tsx';
import { Loaded } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';

const words = texts.benchmarks;

interface TasksFieldProps {
  readonly value: readonly string[];
  readonly onChange: (tasks: readonly string[]) => void;
  /** The items lie in a folder of the user's own, into which nobody has looked. */
  readonly hasOwnFolder?: boolean;
}

export function TasksField({ value, onChange, hasOwnFolder = false }: TasksFieldProps) {
  const known = useCall('benchmarks.tasks', {});
  return (
    <Loaded query={known}>
      {({ tasks }) => {
        const names = new Set(tasks.map(({ name }) => name));
        // Task files of one's own are named by their paths.
        const others = value.filter((each) => !names.has(each)).map((each): CheckCard => ({ id: each, title: each }));
        const cards = [...tasks.map((task) => cardOf(task, hasOwnFolder)), ...others];
        return <CheckCards label={words.new.tasks} hideLabel minWidth={230} cards={cards} value={value} onChange={onChange} />;
      }}
    </Loaded>
  );
}

function cardOf({ name, title, data, expected, metrics }: KnownBenchmark, hasOwnFolder: boolean): CheckCard {
  const isMissing = data === null && !hasOwnFolder;
  return {
    id: name,
    title,
    ...(isMissing && { mark: <Badge tone="warn">{words.taskList.missing}</Badge> }),
    text: isMissing ? words.new.itemsMissing(expected) : metrics.map((metric) => metricName(metric)).join(', '),
    isDisabled: isMissing,
  };
}

const metricName = (metric: string): string => (words.metrics as Readonly<Record<string, string>>)[metric] ?? metric;
