/** The draft as the file that the command line takes; what is written here is taken over as soon as it is sound. */
import { useState } from 'react';
import { formatCount } from '../../../shared/text/format.ts';
import { CopyButton } from '../../components/code.tsx';
import { TextField } from '../../components/field.tsx';
import { Panel } from '../../components/panel.tsx';
import { texts } from '../../texts/texts.ts';
import { setConfig, useDraft } from './draft.ts';
import { fromYaml, toYaml } from './yaml-config.ts';
import styles from './new-run.module.css';

const words = texts.newRun.recipe;

export function YamlView() {
  const config = useDraft((draft) => draft.config);
  const [written, setWritten] = useState({ text: toYaml(config), of: config });
  // Something else has changed the draft: that is what it says now.
  const text = written.of === config ? written.text : toYaml(config);
  const result = fromYaml(text);
  const problems = 'problems' in result ? result.problems : [];
  const write = (next: string): void => {
    const read = fromYaml(next);
    const of = 'config' in read ? read.config : config;
    setWritten({ text: next, of });
    setConfig(() => of);
  };
  return (
    <Panel title={words.yaml} actions={<CopyButton text={text} />}>
      <div className={styles['part']}>
        <TextField
          label={words.yamlLabel}
          help={words.yamlHelp}
          value={text}
          onChange={write}
          rows={20}
          mono
          problem={problems.length === 0 ? null : words.yamlProblems}
        />
        <ul className={styles['list']} aria-live="polite">
          {problems.map(({ line, text: problem }) => (
            <li key={`${line} ${problem}`}>
              <strong>{words.yamlLine(formatCount(line))}</strong> {problem}
            </li>
          ))}
        </ul>
      </div>
    </Panel>
  );
}
