/** The page's scheme in Electron. */
import { protocol } from 'electron';
import { answerPage, pageScheme } from './page-files.ts';

/** Before the app is ready. */
export const announceScheme = (): void =>
  protocol.registerSchemesAsPrivileged([{ scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }]);

/** After it. */
export const servePage = (folder: string): void =>
  protocol.handle(pageScheme, async (request) => {
    const { status, headers, body } = await answerPage(folder, request);
    return new Response(body === null ? null : Buffer.from(body), { status, headers: { ...headers } });
  });
