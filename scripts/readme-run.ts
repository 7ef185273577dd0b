// The run in the README: what `lightbed run scenarios/ring` prints, without what depends on the machine's speed.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const command = '$ npx lightbed run scenarios/ring';

/** The document with what stands after the command, up to the end of its block, replaced by what the command prints now. */
export function withRun(document: string): string {
  const from = document.indexOf(command);
  const to = document.indexOf('\n```', from);
  if (from === -1 || to === -1) throw new Error(`README.md has no block that begins with ${command}`);
  return `${document.slice(0, from)}${command}\n${ringOutput()}${document.slice(to)}`;
}

/** Runs a scenario into a folder that is removed again, and hands that folder to `use` before. */
export function withResults<T>(scenario: string, use: (folder: string, stdout: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'lightbed-draw-'));
  try {
    const main = join(root, 'dist/src/cli/main.js');
    const parameters = [main, 'run', scenario, '--out', folder];
    const { status, stdout, stderr } = spawnSync(process.execPath, parameters, {
      cwd: root,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${scenario} failed: ${stdout}${stderr}`);
    return use(folder, stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** From the blank line after the progress to the replay command. */
function ringOutput(): string {
  return withResults('scenarios/ring', (_, stdout) => {
    const end = stdout.search(/\n\n[^\n]*: report\.html/);
    return stdout.slice(stdout.indexOf('\n\n') + 2, end);
  });
}
