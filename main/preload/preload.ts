/** The one preload script: what the page gets as `window.lathe`, and nothing else. Only the names of the contract pass, only plain data crosses. */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { Answer } from '../../shared/contracts/answer.ts';
import type { PageBridge, CoreConnection, ShellCommand } from '../../shared/contracts/page-bridge.ts';
import type { CoreMessage, PageMessage } from '../../shared/contracts/page-messages.ts';
import { shellChannels } from '../../shared/contracts/shell-channels.ts';
import { AppError } from '../../shared/errors/app-error.ts';

/** Names of the contract's calls, put here by the build: the table itself needs a schema library. */
declare const __CALL_NAMES__: readonly string[];

interface Waiting {
  readonly message: PageMessage;
  readonly answer: (answer: Answer) => void;
}

/** As much of the DOM's port as is used. */
interface Port {
  onmessage: ((event: { readonly data: CoreMessage }) => void) | null;
  postMessage(message: PageMessage): void;
  close(): void;
}

/** What the shell asks of the page. What comes before anybody listens is told to the first who does. */
function requests<Request>() {
  const all = new Set<(request: Request) => void>();
  let early: { readonly request: Request } | null = null;
  return {
    tell: (request: Request): void => {
      if (all.size === 0) early = { request };
      all.forEach((listener) => listener(request));
    },
    add: (listener: (request: Request) => void): (() => void) => {
      if (early !== null) listener(early.request);
      early = null;
      return add(all, listener);
    },
  };
}

const names: ReadonlySet<string> = new Set(__CALL_NAMES__);
const waiting = new Map<number, Waiting>();
const listeners = {
  event: new Set<(event: string, data: unknown) => void>(),
  connection: new Set<(state: CoreConnection) => void>(),
};
const commands = requests<ShellCommand>();
const openRun = requests<string>();
let port: Port | null = null;
let isOpen = false;
let count = 0;

const refusal = (error: AppError): Answer => ({ ok: false, error: { code: error.code, facts: error.facts } });

function call(name: string, input: unknown): Promise<Answer> {
  if (!names.has(name)) return Promise.resolve(refusal(new AppError('CHANNEL_UNKNOWN', { name })));
  return new Promise((answer) => {
    count += 1;
    const message = { id: count, name, input };
    waiting.set(count, { message, answer });
    // Before the core is there, or while another is started: asked when it says hello.
    if (isOpen) port?.postMessage(message);
  });
}

function hear(message: CoreMessage): void {
  if (message.kind === 'event') return listeners.event.forEach((listener) => listener(message.event, message.data));
  if (message.kind === 'lost') return lose();
  if (message.kind === 'answer') {
    waiting.get(message.id)?.answer(message.answer);
    waiting.delete(message.id);
    return;
  }
  // Said twice: the core behind the port is another one.
  lose();
  isOpen = true;
  waiting.forEach(({ message: asked }) => port?.postMessage(asked));
  listeners.connection.forEach((listener) => listener('open'));
}

/** What was asked of a core that died may have been done or not: the page hears that, and asks what became of it. */
function lose(): void {
  if (!isOpen) return;
  isOpen = false;
  const gone = refusal(new AppError('HOST_GONE', { home: 'this computer', problem: 'it is started again' }));
  const asked = [...waiting.values()];
  waiting.clear();
  asked.forEach(({ answer }) => answer(gone));
  listeners.connection.forEach((listener) => listener('lost'));
}

function add<Listener>(set: Set<Listener>, listener: Listener): () => void {
  set.add(listener);
  return () => void set.delete(listener);
}

ipcRenderer.on(shellChannels.port, ({ ports }) => {
  lose();
  port?.close();
  port = (ports[0] ?? null) as Port | null;
  // Setting it also starts the port.
  if (port !== null) port.onmessage = ({ data }) => hear(data);
});
ipcRenderer.on(shellChannels.lost, () => lose());
ipcRenderer.on(shellChannels.openRun, (_, run: string) => openRun.tell(run));
ipcRenderer.on(shellChannels.command, (_, command: ShellCommand) => commands.tell(command));

const bridge: PageBridge = {
  call,
  onEvent: (listener) => add(listeners.event, listener),
  onConnection: (listener) => {
    const end = add(listeners.connection, listener);
    if (isOpen) listener('open');
    return end;
  },
  onCommand: commands.add,
  onOpenRun: openRun.add,
  chooseFiles: (request) => ipcRenderer.invoke(shellChannels.chooseFiles, request) as Promise<readonly string[]>,
  chooseTarget: (request) => ipcRenderer.invoke(shellChannels.chooseTarget, request) as Promise<string | null>,
  pathOf: (file) => webUtils.getPathForFile(file as Parameters<typeof webUtils.getPathForFile>[0]),
  showInFolder: (path) => ipcRenderer.invoke(shellChannels.showInFolder, path) as Promise<void>,
  sealSecret: (request) => ipcRenderer.invoke(shellChannels.sealSecret, request) as Promise<Answer>,
  setTheme: (theme) => ipcRenderer.invoke(shellChannels.setTheme, theme) as Promise<void>,
  versions: { electron: process.versions.electron, chrome: process.versions.chrome, node: process.versions.node },
  platform: process.platform,
};

contextBridge.exposeInMainWorld('lathe', bridge);
ipcRenderer.send(shellChannels.connect);
