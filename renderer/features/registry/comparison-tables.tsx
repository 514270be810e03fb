/** A comparison in tables, one a section. */
import { Link } from 'react-aria-components';
import type { Comparison } from '../../../shared/contracts/registry-calls.ts';
import { versionText } from '../../../shared/domain/version.ts';
import { Facts } from '../../components/facts.tsx';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { texts } from '../../texts/texts.ts';
import { Change } from './change.tsx';
import { differingSections, sameSections, type ComparedField, type ComparedSection } from './group-comparison.ts';
import { versionPath } from './version-path.ts';
import styles from './compare.module.css';

const words = texts.registry.comparison;

export function ComparisonTables({ comparison }: { readonly comparison: Comparison }) {
  const sections = differingSections(comparison);
  const same = sameSections(comparison);
  const count = comparison.similarities.length;
  return (
    <>
      {sections.length === 0 ? (
        <p className="muted">{words.same}</p>
      ) : (
        sections.map((part) => <Differences key={part.section} part={part} comparison={comparison} />)
      )}
      {count > 0 && (
        <details className={styles['same']}>
          <summary>{words.similarities(count)}</summary>
          {same.map((part) => (
            <Similarities key={part.section} part={part} />
          ))}
        </details>
      )}
    </>
  );
}

function Differences({ part: { section, fields }, comparison: { model1, model2 } }: { readonly part: ComparedSection; readonly comparison: Comparison }) {
  const models = [model1, model2].map((model, index) => (
    <Link key={index} href={versionPath(model)}>
      {versionText(model)}
    </Link>
  ));
  return (
    <Panel title={words.sections[section]}>
      <PlainTable even label={words.sections[section]} columns={[words.field, ...models, words.change]}>
        {fields.map((field) => (
          <DifferenceRow key={field.field} {...field} />
        ))}
      </PlainTable>
    </Panel>
  );
}

const DifferenceRow = ({ field, one, other, change }: ComparedField) => (
  <tr>
    <th scope="row">{field}</th>
    <td>{one ?? words.absent}</td>
    <td>{other ?? words.absent}</td>
    <td>{change !== null && <Change text={change.text} isBetter={change.isBetter} />}</td>
  </tr>
);

const Similarities = ({ part: { section, fields } }: { readonly part: ComparedSection }) => (
  <div className={styles['part']}>
    <h3>{words.sections[section]}</h3>
    <Facts wide facts={fields.map(({ field, one }) => ({ name: field, value: one }))} />
  </div>
);
