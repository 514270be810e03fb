/** A comparison in tables, one a section. */
import { Link } from 'react-aria-components';
import type { Comparison } from '../../../shared/contracts/registry-calls.ts';
import { versionText } from '../../../shared/domain/version.ts';
import { Panel } from '../../components/panel.tsx';
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
  return (
    <Panel title={words.sections[section]}>
      <div className={styles['scroll']}>
        <table className={styles['table']}>
          <thead>
            <tr>
              <th scope="col">{words.field}</th>
              {[model1, model2].map((model, index) => (
                <th scope="col" key={index}>
                  <Link href={versionPath(model)}>{versionText(model)}</Link>
                </th>
              ))}
              <th scope="col">{words.change}</th>
            </tr>
          </thead>
          <tbody>
            {fields.map((field) => (
              <DifferenceRow key={field.field} {...field} />
            ))}
          </tbody>
        </table>
      </div>
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
  <section aria-label={words.sections[section]}>
    <h3>{words.sections[section]}</h3>
    <table className={`${styles['table']} ${styles['two']}`}>
      <thead className="visually-hidden">
        <tr>
          <th scope="col">{words.field}</th>
          <th scope="col">{words.value}</th>
        </tr>
      </thead>
      <tbody>
        {fields.map(({ field, one }) => (
          <tr key={field}>
            <th scope="row">{field}</th>
            <td>{one}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);
