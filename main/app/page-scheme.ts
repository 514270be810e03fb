/** The page's scheme in Electron. */
import { protocol } from 'electron';
import { readPageFiles } from '../platform/page-files.ts';
import { answerPage, pageScheme } from './page-answer.ts';

/** Before the app is ready. */
export const announceScheme = (): void =>
  protocol.registerSchemesAsPrivileged([{ scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }]);

/** After it. `folder`: the built page. */
export function servePage(folder: string): void {
  const files = readPageFiles(folder);
  protocol.handle(pageScheme, (request) => {
    const { status, headers, body } = answerPage(files, request);
    return new Response(body === null ? null : Buffer.from(body), { status, headers: { ...headers } });
  });
}
