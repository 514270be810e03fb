/** What a deployment asks before it goes on, and the answer that lets it. */
import type { DeploymentDetails } from '../../../shared/domain/deployment.ts';
import { useAct } from '../../bridge/core-context.tsx';
import { Button } from '../../components/button.tsx';
import { sayFailed } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './deploy.module.css';

const words = texts.deploy.page;

export function Question({ details: { deployment }, question }: { readonly details: DeploymentDetails; readonly question: string }) {
  const confirm = useAct('deployments.confirm', ['deployments.get']);
  return (
    <section className={styles['asked']} aria-label={words.question}>
      <div>
        <h2>{words.question}</h2>
        <p>{question}</p>
      </div>
      <Button look="primary" isPending={confirm.isPending} onPress={() => confirm.mutate({ deployment }, { onError: sayFailed })}>
        {words.confirm}
      </Button>
    </section>
  );
}
