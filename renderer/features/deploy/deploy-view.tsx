/** Deploy: the place where deployments will be; how an adapter gets out without them. */
import { LinkButton } from '../../components/button.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';

const words = texts.deploy;

export const View = () => (
  <Page title={words.title}>
    <Panel>
      <Empty title={words.empty} action={<LinkButton to="/registry">{words.action}</LinkButton>}>
        {words.text}
      </Empty>
    </Panel>
  </Page>
);
