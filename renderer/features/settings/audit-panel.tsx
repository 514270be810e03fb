/** Whether the record of what was done is whole. */
import { CircleAlert, CircleCheck } from 'lucide-react';
import type { AuditVerdict } from '../../../shared/contracts/audit-calls.ts';
import { formatCount } from '../../../shared/text/format.ts';
import { useAct } from '../../bridge/core-context.tsx';
import { Button } from '../../components/button.tsx';
import { Panel } from '../../components/panel.tsx';
import { Failure } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './settings.module.css';

const words = texts.settings.storage;

export function AuditPanel() {
  const verify = useAct('audit.verify');
  return (
    <Panel
      title={words.audit}
      actions={
        <Button onPress={() => verify.mutate({})} isDisabled={verify.isPending}>
          {words.verify}
        </Button>
      }
    >
      <div className={styles['stack']}>
        <p className={styles['text']}>{words.auditText}</p>
        {verify.error !== null && <Failure error={verify.error} />}
        {verify.data !== undefined && <Verdict verdict={verify.data} />}
      </div>
    </Panel>
  );
}

const Verdict = ({ verdict: { rows, broken, head } }: { readonly verdict: AuditVerdict }) => (
  <div className={styles['verdict']} role="status">
    {broken === null ? <CircleCheck aria-hidden className={styles['good']} /> : <CircleAlert aria-hidden className={styles['bad']} />}
    <div>
      <p>{broken === null ? words.auditWhole(formatCount(rows)) : words.auditBroken(formatCount(broken.seq), broken.problem)}</p>
      {head === null && <p className="muted">{words.auditNoHead}</p>}
    </div>
  </div>
);
