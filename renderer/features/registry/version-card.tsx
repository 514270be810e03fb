/** The model card as an export holds it: drawn, its YAML head as text. */
import type { VersionDetails } from '../../../shared/contracts/registry-calls.ts';
import { versionText } from '../../../shared/domain/version.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { Button } from '../../components/button.tsx';
import { Code, CopyButton } from '../../components/code.tsx';
import { MarkdownText } from '../../components/markdown.tsx';
import { Panel } from '../../components/panel.tsx';
import { Loaded } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import { saveText } from '../run/save-file.ts';
import { splitCard } from './split-card.ts';

const words = texts.registry.card;

export function VersionCard({ version: { name, version } }: { readonly version: VersionDetails }) {
  const card = useCall('registry.card', { name, version });
  return (
    <Loaded query={card}>
      {({ markdown }) => {
        const { head, body } = splitCard(markdown);
        return (
          <>
            <Panel
              title={texts.registry.version.tabs.card}
              actions={
                <>
                  <CopyButton text={markdown} />
                  <Button small look="quiet" onPress={() => saveText(`${versionText({ name, version })}.md`, markdown, 'text/markdown')}>
                    {words.save}
                  </Button>
                </>
              }
            >
              <MarkdownText>{body}</MarkdownText>
            </Panel>
            {head !== null && (
              <Panel title={words.head}>
                <Code label={words.head}>{head}</Code>
              </Panel>
            )}
          </>
        );
      }}
    </Loaded>
  );
}
