/** What the gate says of a version, rule by rule, with the figures that say it. */
import { Link } from 'react-aria-components';
import type { GateAnswer, GateRuleVerdict, GateVerdict } from '../../../shared/domain/gate-verdict.ts';
import { formatPercent } from '../../../shared/text/format.ts';
import { Badge, type Tone } from '../../components/badge.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { texts } from '../../texts/texts.ts';
import { comparisonPath, scorePath } from '../benchmarks/benchmark-paths.ts';
import styles from './evidence.module.css';

const words = texts.gates;
const tones: Readonly<Record<GateAnswer, Tone>> = { pass: 'good', fail: 'bad', inconclusive: 'warn' };

export function GatePart({ verdict: { verdict, rules, significance } }: { readonly verdict: GateVerdict }) {
  if (verdict === null)
    return (
      <p className="muted">
        {words.none} <Link href="/settings/gate">{words.set}</Link>
      </p>
    );
  return (
    <>
      <p className={styles['gate']}>
        <Badge tone={tones[verdict]}>{words.answers[verdict]}</Badge>
        <span>{words.verdicts[verdict]}</span>
      </p>
      <PlainTable label={words.title} columns={words.columns}>
        {rules.map((rule) => (
          <RuleRow key={`${rule.rule} ${rule.benchmark}`} rule={rule} />
        ))}
      </PlainTable>
      <p className="muted">{words.significance(String(significance))}</p>
    </>
  );
}

const RuleRow = ({ rule: { rule, benchmark, bound, verdict, words: sentence, scores } }: { readonly rule: GateRuleVerdict }) => (
  <tr>
    <th scope="row">{`${words.rules[rule]} ${formatPercent(bound)}`}</th>
    <td className={styles['figure']}>
      <Evidence benchmark={benchmark} scores={scores} />
    </td>
    <td>{sentence}</td>
    <td>
      <Badge tone={tones[verdict]}>{words.answers[verdict]}</Badge>
    </td>
  </tr>
);

/** The way to the scores that a rule rests on. */
function Evidence({ benchmark, scores }: Pick<GateRuleVerdict, 'benchmark' | 'scores'>) {
  const [first, second] = scores;
  if (first === undefined) return <>{benchmark}</>;
  return <Link href={second === undefined ? scorePath(first) : comparisonPath([first, second])}>{benchmark}</Link>;
}
