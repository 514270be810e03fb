/** Puts tags on a version and takes them away, each with a reason if there is one; and shows where the name's tags have been. */
import { useState } from 'react';
import type { VersionDetails } from '../../../shared/contracts/registry-calls.ts';
import { Tag, versionText } from '../../../shared/domain/version.ts';
import { useAct, useCall } from '../../bridge/core-context.tsx';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { ComboField } from '../../components/combo-field.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { TextField } from '../../components/field.tsx';
import { Form, FormRow } from '../../components/form.tsx';
import { Failure } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import { TagHistory } from './tag-history.tsx';
import styles from './registry.module.css';
import evidence from './evidence.module.css';

const words = texts.registry.tags;

export function TagsDialog({ version, onClose }: { readonly version: VersionDetails; readonly onClose: () => void }) {
  const { name, version: number, tags } = version;
  const history = useCall('registry.history', { name });
  const places = history.data?.tags ?? {};
  const put = useAct('registry.tag');
  const take = useAct('registry.untag');
  const [tag, setTag] = useState('');
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const why = reason.trim() === '' ? null : reason.trim();
  const onSuccess = (): void => {
    setTag('');
    setReason('');
  };
  const submit = (): void => {
    const wrong = tagProblem(tag.trim(), tags);
    setProblem(wrong);
    if (wrong === null) put.mutate({ name, version: number, tag: tag.trim(), reason: why }, { onSuccess });
  };
  const error = put.error ?? take.error;
  return (
    <Dialog wide title={words.title(versionText(version))} isOpen onClose={onClose} actions={<Button onPress={onClose}>{texts.actions.close}</Button>}>
      <section className={evidence['part']} aria-label={words.here}>
        <h3>{words.here}</h3>
        {tags.length === 0 && <p className="muted">{words.none}</p>}
        <ul className={styles['plain']}>
          {tags.map((each) => (
            <li key={each} className={styles['tagRow']}>
              <Badge>{each}</Badge>
              <Button small aria-label={words.takeTag(each)} onPress={() => take.mutate({ name, tag: each, reason: why }, { onSuccess })}>
                {words.take}
              </Button>
            </li>
          ))}
        </ul>
      </section>
      <Form onSubmit={submit}>
        <FormRow>
          <ComboField
            label={words.tag}
            value={tag}
            onChange={setTag}
            proposals={Object.keys(places).filter((each) => !tags.includes(each))}
            help={moveText(tag.trim(), places, number) ?? words.tagHelp}
            problem={problem}
            autoFocus
          />
          <TextField label={texts.registry.version.reason} help={texts.registry.version.reasonOptional} value={reason} onChange={setReason} />
        </FormRow>
        <div className={styles['start']}>
          <Button type="submit" look="primary" isPending={put.isPending}>
            {words.put}
          </Button>
        </div>
        {error !== null && <Failure error={error} />}
      </Form>
      <section className={evidence['part']} aria-label={words.history}>
        <h3>{words.history}</h3>
        <TagHistory query={history} />
      </section>
    </Dialog>
  );
}

function tagProblem(tag: string, here: readonly string[]): string | null {
  if (tag === '') return words.missing;
  if (here.includes(tag)) return words.isHere(tag);
  const checked = Tag.safeParse(tag);
  return checked.success ? null : texts.registry.words.must(checked.error.issues[0]?.message ?? '');
}

/** null: it would be new. */
function moveText(tag: string, places: Readonly<Record<string, string>>, number: string): string | null {
  const from = Object.hasOwn(places, tag) ? places[tag] : undefined;
  return from === undefined || from === number ? null : words.moves(tag, from);
}
