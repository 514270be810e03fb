/** What this installation and this machine are, and a report on both for whoever helps. */
import type { About } from '../../../shared/contracts/desk-calls.ts';
import { formatBytes } from '../../../shared/text/format.ts';
import { useCall, useCore } from '../../bridge/core-context.tsx';
import { Facts } from '../../components/facts.tsx';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Loaded } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import { ReportButton } from './report-button.tsx';
import styles from './settings.module.css';

const words = texts.settings.about;

export function AboutSection() {
  const about = useCall('host.about', {});
  return (
    <Loaded query={about}>
      {(data) => (
        <>
          <Installation about={data} />
          <Kernels engine={data.engine} />
          <Licences licences={data.licences} />
        </>
      )}
    </Loaded>
  );
}

function Installation({ about: { version, node, os, platform, arch, cpu } }: { readonly about: About }) {
  const { shell } = useCore();
  const versions = shell?.versions;
  return (
    <Panel title={words.installation} actions={<ReportButton />}>
      <Facts
        wide
        facts={[
          { name: words.version, value: version },
          {
            name: words.window,
            value: versions === undefined ? words.browser : words.windowVersions(versions.electron, versions.chrome, versions.node),
          },
          { name: words.node, value: node },
          { name: words.system, value: `${os} (${platform}, ${arch})` },
          { name: words.processor, value: `${cpu.model}, ${words.cores(cpu.cores)}` },
          { name: words.memory, value: formatBytes(cpu.memory_bytes) },
        ]}
      />
    </Panel>
  );
}

const Kernels = ({ engine: { isa, kernels, problem } }: { readonly engine: About['engine'] }) => (
  <Panel title={words.engine}>
    <div className={styles['stack']}>
      <p>{problem ?? words.isa(isa ?? '')}</p>
      {kernels.length > 0 && (
        <PlainTable label={words.kernels} columns={words.kernelColumns}>
          {kernels.map(({ operation, kernel, why }) => (
            <tr key={operation}>
              <th scope="row" className="mono">
                {operation}
              </th>
              <td className="mono">{kernel}</td>
              <td>{why}</td>
            </tr>
          ))}
        </PlainTable>
      )}
    </div>
  </Panel>
);

const Licences = ({ licences }: { readonly licences: About['licences'] }) => (
  <Panel title={words.licences}>
    <div className={styles['stack']}>
      <p className={styles['text']}>{words.licencesText(licences.length - 1)}</p>
      <PlainTable label={words.licences} columns={words.licenceColumns}>
        {licences.map((row) => (
          <tr key={row.package}>
            <th scope="row" className="mono">
              {row.package}
            </th>
            <td>{row.licence}</td>
          </tr>
        ))}
      </PlainTable>
    </div>
  </Panel>
);
