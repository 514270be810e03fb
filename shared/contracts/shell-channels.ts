/** Names of what the preload asks of the shell, and of what the shell tells it. Plain strings, since the preload loads no schemas. */

export const shellChannels = {
  /** From the preload: a port to the core, please; also after each reload. */
  connect: 'lathe:connect',
  /** To the preload, with the port. */
  port: 'lathe:port',
  /** To the preload: the core behind the port has gone. */
  lost: 'lathe:lost',
  /** To the preload: a ShellCommand. */
  command: 'lathe:command',
  /** To the preload: the id of a run to show. */
  openRun: 'lathe:open-run',
  chooseFiles: 'lathe:choose-files',
  chooseTarget: 'lathe:choose-target',
  showInFolder: 'lathe:show-in-folder',
  setTheme: 'lathe:set-theme',
  sealSecret: 'lathe:seal-secret',
} as const;
