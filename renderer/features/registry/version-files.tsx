/** The files of a version, with the hashes under which they were registered. */
import type { VersionDetails } from '../../../shared/contracts/registry-calls.ts';
import { formatBytes } from '../../../shared/text/format.ts';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { texts } from '../../texts/texts.ts';
import { VerifyButton } from './verify-button.tsx';

const words = texts.registry.files;

export function VersionFiles({ version }: { readonly version: VersionDetails }) {
  const { artifacts } = version.record;
  return (
    <Panel title={texts.registry.version.tabs.files} actions={<VerifyButton version={version} />}>
      {artifacts.length === 0 ? (
        <p className="muted">{words.none}</p>
      ) : (
        <PlainTable label={texts.registry.version.tabs.files} columns={words.columns}>
          {artifacts.map(({ path, bytes, sha256 }) => (
            <tr key={path}>
              <th scope="row">{path}</th>
              <td>{formatBytes(bytes)}</td>
              <td className="mono">{sha256}</td>
            </tr>
          ))}
        </PlainTable>
      )}
    </Panel>
  );
}
