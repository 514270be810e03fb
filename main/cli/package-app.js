// `npm run package`: electron-builder over what is built, with the tools that are on this machine where it would fetch its own: 7zip-bin's 7za, and dpkg-deb for
// a .deb. Plain JavaScript without our own modules, as build-native.js.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

/**
 * What electron-builder is told to use, unless the environment says already.
 * @param {NodeJS.ProcessEnv} [environment]
 * @returns {Record<string, string>}
 */
export function packageTools(environment = process.env) {
  const seven = path7za();
  const tools = {
    ...(seven !== undefined && { ELECTRON_BUILDER_7ZIP_PATH: seven }),
    ...(hasProgram('dpkg-deb', environment) && { CUSTOM_FPM_PATH: join(projectRoot, 'main', 'cli', 'deb-by-dpkg.js') }),
  };
  return Object.fromEntries(Object.entries(tools).filter(([name]) => environment[name] === undefined));
}

/** The package brings it without the right to run it. */
function path7za() {
  try {
    /** @type {{ path7za: string }} */
    const { path7za: path } = createRequire(import.meta.url)('7zip-bin');
    chmodSync(path, 0o755);
    return path;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} name
 * @param {NodeJS.ProcessEnv} environment
 */
const hasProgram = (name, environment) => (environment['PATH'] ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, name)));

/**
 * Resolves to the exit code.
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
function runBuilder(args) {
  const builder = join(projectRoot, 'node_modules', 'electron-builder', 'cli.js');
  const env = { ...process.env, ...packageTools() };
  const child = spawn(process.execPath, [builder, '--publish', 'never', ...args], { cwd: projectRoot, stdio: 'inherit', env });
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('exit', (code) => done(code ?? 1));
  });
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  process.exitCode = await runBuilder(process.argv.slice(2));
