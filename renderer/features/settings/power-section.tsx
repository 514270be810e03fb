/** What runs may take from the machine: the one setting about it, and where the rest is decided. */
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { texts } from '../../texts/texts.ts';
import { SettingFields } from './general-section.tsx';
import styles from './settings.module.css';

const words = texts.settings;

export const PowerSection = () => (
  <>
    <Panel title={words.power}>
      <SettingFields names={['keep_awake']} />
    </Panel>
    <Panel title={words.manners}>
      <div className={styles['stack']}>
        <p className={styles['text']}>{words.mannersText}</p>
        <PlainTable label={words.manners} columns={words.mannersColumns}>
          {words.mannersList.map(({ name, key, text }) => (
            <tr key={key}>
              <th scope="row">{name}</th>
              <td>
                <code className={styles['key']}>{key}</code>
              </td>
              <td>{text}</td>
            </tr>
          ))}
        </PlainTable>
      </div>
    </Panel>
  </>
);
