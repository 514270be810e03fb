/** Playground: the base and what an adapter made of it answer the same words, side by side. */
import { useEffect, useRef } from 'react';
import { useSearchParams } from 'react-router';
import { useCall, useCore } from '../../bridge/core-context.tsx';
import { Button } from '../../components/button.tsx';
import { SwitchField } from '../../components/field.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty, Loaded } from '../../components/states.tsx';
import { sayFailed } from '../../components/toast.tsx';
import { Toolbar } from '../../components/toolbar.tsx';
import { texts } from '../../texts/texts.ts';
import { runTitle } from '../runs/run-title.ts';
import { Composer } from './composer.tsx';
import { clear, setBeside, setSides, useConversation, type Asked } from './conversation.ts';
import { ExchangeItem } from './exchange-item.tsx';
import { OptionFields } from './option-fields.tsx';
import styles from './playground.module.css';
import { SideFields } from './side-fields.tsx';
import { firstSides, knownAdapters, knownModels, type KnownAdapter, type KnownModel, type Side } from './who-answers.ts';

const words = texts.playground;
/** As models are named to the core, too. */
const embedded = 'lathe-base';
const limit = 200;

export function View() {
  const about = useCall('host.about', {});
  const shelf = useCall('models.list', {});
  const runs = useCall('runs.list', { limit });
  const versions = useCall('registry.list', { limit });
  return (
    <Loaded query={about}>
      {({ demo }) => (
        <Loaded query={runs}>
          {({ runs: allRuns }) => (
            <Loaded query={versions}>
              {({ versions: allVersions }) => (
                <Playground
                  models={knownModels(demo.config.model ?? embedded, shelf.data?.items ?? [], allRuns)}
                  adapters={knownAdapters(allVersions, allRuns, (run) => words.adapterOfRun(runTitle(run)))}
                  isTraining={allRuns.some(({ state }) => state === 'running')}
                />
              )}
            </Loaded>
          )}
        </Loaded>
      )}
    </Loaded>
  );
}

interface PlaygroundProps {
  readonly models: readonly KnownModel[];
  readonly adapters: readonly KnownAdapter[];
  readonly isTraining: boolean;
}

function Playground({ models, adapters, isTraining }: PlaygroundProps) {
  const { client } = useCore();
  const { exchanges, sides: chosen, isBeside } = useConversation();
  const [search] = useSearchParams();
  const wanted = search.get('adapter');
  const sides = chosen ?? firstSides(models, adapters, wanted);
  useEffect(() => {
    if (wanted !== null) setSides(firstSides(models, adapters, wanted));
    // eslint-disable-next-line react-hooks/exhaustive-deps -- what is wanted is obeyed once, not whenever a run changes
  }, [wanted]);
  const asked = (isBeside ? sides : sides.slice(0, 1)).map((side) => labelled(side, models, adapters));
  return (
    <Page
      fill
      title={words.title}
      below={isTraining ? words.training : words.below}
      actions={
        <Toolbar>
          <SwitchField label={words.beside} value={isBeside} onChange={setBeside} />
          <Button onPress={() => void clear(client).catch(sayFailed)} isDisabled={exchanges.length === 0}>
            {words.clear}
          </Button>
        </Toolbar>
      }
    >
      <div className={styles['setup']}>
        <SideFields models={models} adapters={adapters} sides={sides} />
        <OptionFields />
      </div>
      <Conversation />
      <Composer asked={asked} />
    </Page>
  );
}

function labelled(side: Side, models: readonly KnownModel[], adapters: readonly KnownAdapter[]): Asked {
  const model = models.find(({ path }) => path === side.model)?.name ?? side.model;
  const adapter = adapters.find(({ id }) => id === side.adapter)?.label;
  return { ...side, label: adapter === undefined ? model : `${model} + ${adapter}` };
}

const nearPixels = 80;

/** Its end stays in view while answers come, unless somebody has scrolled back to read. */
function Conversation() {
  const exchanges = useConversation(({ exchanges: all }) => all);
  const box = useRef<HTMLDivElement>(null);
  const count = exchanges.length;
  useEffect(() => {
    const [outer, inner] = [box.current, box.current?.firstElementChild];
    if (outer === null || !inner) return undefined;
    let isAtEnd = true;
    const note = (): void => {
      isAtEnd = outer.scrollHeight - outer.scrollTop - outer.clientHeight < nearPixels;
    };
    const follow = (): void => {
      if (isAtEnd) outer.scrollTop = outer.scrollHeight;
    };
    const watching = new ResizeObserver(follow);
    watching.observe(inner);
    outer.addEventListener('scroll', note);
    follow();
    return () => {
      watching.disconnect();
      outer.removeEventListener('scroll', note);
    };
  }, [count]);
  return (
    <div className={styles['talk']}>
      <Panel flush>
        <div ref={box} className={styles['conversation']} tabIndex={0} role="log" aria-label={words.title}>
          {count === 0 ? (
            <Empty title={words.empty}>{words.emptyText}</Empty>
          ) : (
            <ol className={styles['exchanges']}>
              {exchanges.map((exchange, index) => (
                <ExchangeItem key={index} exchange={exchange} />
              ))}
            </ol>
          )}
        </div>
      </Panel>
    </div>
  );
}
