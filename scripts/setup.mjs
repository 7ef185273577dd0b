// Everything that a fresh clone needs before any command of ours can run: the pinned packages, the compiled
// code, the `lightbed` command for npx, and for the tests the Debian packages they use. Plain JavaScript,
// because nothing is installed yet when it starts. Does nothing when all of that is already there.

import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const sourceFolders = ['src', 'emulators', 'scripts'];

checkNode();
installPackages();
linkCommand();
compile();
if (process.argv.includes('--tests')) installForTests();

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  fail(
    `Lightbed needs Node 20.19 or later, this is ${process.versions.node}: install a current Node 20, 22 or 24`,
  );
}

/**
 * `npm install` with the lock file, not `npm ci`: that one refuses a lock file from which an optional package for another
 * operating system is missing, as happens where a registry does not carry it. The versions are the lock file's all the same.
 */
function installPackages() {
  const wanted = digest([join(root, 'package-lock.json'), join(root, 'package.json')]);
  const stamp = join(root, 'node_modules', '.lightbed-packages');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log('setting up: installing the pinned packages');
  const quietly = ['--no-audit', '--no-fund', '--loglevel=error'];
  run('npm', ['install', '--no-save', ...quietly], 'the packages could not be installed');
  writeFileSync(stamp, wanted);
}

/** npx looks in node_modules/.bin, where npm puts the commands of dependencies but not the project's own. */
function linkCommand() {
  const link = join(root, 'node_modules', '.bin', 'lightbed');
  if (existsSync(link)) return;
  mkdirSync(join(root, 'node_modules', '.bin'), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(join('..', '..', 'scripts', 'lightbed.mjs'), link);
}

function compile() {
  const files = sourceFolders.flatMap((folder) => filesUnder(join(root, folder), '.ts')).sort();
  const wanted = digest([join(root, 'tsconfig.json'), join(root, 'package-lock.json'), ...files]);
  const stamp = join(root, 'dist', '.lightbed-build');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log('setting up: compiling');
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  run(join(root, 'node_modules', '.bin', 'tsc'), ['-p', root], 'the sources do not compile');
  writeFileSync(stamp, wanted);
}

/** The report page is tested in a real browser, and a host's routes in a network namespace. Both come from Debian. */
function installForTests() {
  installDebian('chromium', ['chromium', 'fonts-dejavu-core'], 'the page tests');
  installDebian('ip', ['iproute2'], 'the tests of routes');
}

function installDebian(program, packages, tests) {
  if (spawnSync('which', [program], { stdio: 'ignore' }).status === 0) return;
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || !existsSync('/usr/bin/apt-get')) {
    console.log(
      `setting up: ${tests} need ${program} and will be skipped; as root: apt-get install ${packages[0]}`,
    );
    return;
  }
  console.log(`setting up: installing ${packages[0]} for ${tests} (apt-get)`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const quiet = { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], env };
  const isInstalled = ['update', 'install'].every((verb) => {
    const what = verb === 'install' ? ['--no-install-recommends', ...packages] : [];
    return spawnSync('apt-get', ['-qq', '-y', verb, ...what], quiet).status === 0;
  });
  if (!isInstalled)
    console.log(`setting up: ${packages[0]} could not be installed; ${tests} will be skipped`);
}

function filesUnder(folder, suffix) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesUnder(path, suffix);
    return entry.name.endsWith(suffix) && statSync(path).isFile() ? [path] : [];
  });
}

function digest(paths) {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(`${path.slice(root.length)}\n`).update(readFileSync(path));
  return hash.digest('hex');
}

function run(command, args, complaint) {
  try {
    execFileSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  } catch (error) {
    fail(`${complaint}: ${command} ${args.join(' ')} ended with ${error.status ?? error.code}`);
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
