/** A view that fails does not take the page with it. */
import { useRouteError } from 'react-router';
import { Code } from '../components/code.tsx';
import { Page } from '../components/page.tsx';
import { texts } from '../texts/texts.ts';

export function ViewFailed() {
  const error = useRouteError();
  const text = error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(error);
  return (
    <Page title={texts.frame.crashed}>
      <p>{texts.frame.crashedWhy}</p>
      <Code label={texts.frame.crashed}>{text}</Code>
    </Page>
  );
}
