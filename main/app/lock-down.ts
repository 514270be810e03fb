/** What no page may do, whatever it loads: leave its address, open windows, hold other pages, ask for permissions or devices. */
import { app, session, type WebContents } from 'electron';
import { isPageUrl } from './page-answer.ts';

export function lockDownSession(): void {
  const own = session.defaultSession;
  own.setPermissionRequestHandler((_, permission, decide) => decide(isHarmless(permission)));
  own.setPermissionCheckHandler((_, permission) => isHarmless(permission));
  own.setDevicePermissionHandler(() => false);
  own.setDisplayMediaRequestHandler((_, decide) => decide({}));
  own.on('select-serial-port', (event, _ports, _contents, choose) => {
    event.preventDefault();
    choose('');
  });
  // The page is all there is: nothing is fetched from anywhere.
  own.webRequest.onBeforeRequest((details, decide) => decide({ cancel: !isOwnRequest(details.url) }));
  own.setSpellCheckerEnabled(false);
  own.on('will-download', (event, item) => {
    // The page makes files itself (pictures of charts, tables): as blobs of its own.
    if (!/^(blob:lathe-app:|data:)/.test(item.getURL())) event.preventDefault();
  });
}

/** What is copied goes to the clipboard by a press of a button of the page. */
const isHarmless = (permission: string): boolean => permission === 'clipboard-sanitized-write';

const isOwnRequest = (url: string): boolean => isPageUrl(url) || /^(blob:lathe-app:|data:|devtools:)/.test(url);

export function lockDownContents(): void {
  app.on('web-contents-created', (_, contents) => lockDown(contents));
}

function lockDown(contents: WebContents): void {
  // Also to another page of our own: it moves by its router.
  const stay = (event: { preventDefault: () => void }): void => event.preventDefault();
  contents.on('will-navigate', (event) => {
    if (!isPageUrl(event.url)) stay(event);
  });
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isPageUrl(event.url)) stay(event);
  });
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', stay);
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
