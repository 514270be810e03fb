/** Two versions side by side: what differs by section, what is the same folded away. */
import { ArrowLeftRight } from 'lucide-react';
import { Link } from 'react-aria-components';
import { useNavigate, useSearchParams } from 'react-router';
import { parseVersionText, versionText, type VersionKey } from '../../../shared/domain/version.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { IconButton } from '../../components/button.tsx';
import { SelectField } from '../../components/field.tsx';
import { Page } from '../../components/page.tsx';
import { Empty, Loaded } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import { ComparisonTables } from './comparison-tables.tsx';
import { comparePath } from './version-path.ts';
import styles from './compare.module.css';

const words = texts.registry.comparison;

export function View() {
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const [one, other] = [keyIn(params, 'a'), keyIn(params, 'b')];
  const go = (a: VersionKey | null, b: VersionKey | null): void => void navigate(comparePath(a, b), { replace: true });
  return (
    <Page title={words.title} above={<Link href="/registry">{texts.registry.title}</Link>}>
      <div className={styles['chooser']}>
        <Chooser label={words.one} value={one} onChange={(key) => go(key, other)} />
        <IconButton label={words.swap} isDisabled={one === null || other === null} onPress={() => go(other, one)}>
          <ArrowLeftRight aria-hidden />
        </IconButton>
        <Chooser label={words.other} value={other} onChange={(key) => go(one, key)} />
      </div>
      {one === null || other === null ? <Empty title={words.chooseTitle}>{words.choose}</Empty> : <Compared one={one} other={other} />}
    </Page>
  );
}

function keyIn(params: URLSearchParams, name: string): VersionKey | null {
  const text = params.get(name);
  return text === null || text === '' ? null : parseVersionText(text);
}

interface ChooserProps {
  readonly label: string;
  readonly value: VersionKey | null;
  readonly onChange: (key: VersionKey) => void;
}

function Chooser({ label, value, onChange }: ChooserProps) {
  const all = useCall('registry.list', { limit: 1_000 });
  const known = (all.data?.versions ?? []).map(versionText);
  const here = value === null ? null : versionText(value);
  // An address may name a version by a tag.
  const ids = here === null || known.includes(here) ? known : [here, ...known];
  return <SelectField label={label} value={here} onChange={(id) => onChange(parseVersionText(id))} choices={ids.map((id) => ({ id, label: id }))} />;
}

function Compared({ one, other }: { readonly one: VersionKey; readonly other: VersionKey }) {
  const comparison = useCall('registry.compare', { model1: one, model2: other }, { keepPrevious: true });
  return <Loaded query={comparison}>{(data) => <ComparisonTables comparison={data} />}</Loaded>;
}
