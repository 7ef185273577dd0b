#!/usr/bin/env -S node --max-semi-space-size=64
// What `npx lightbed` starts: the compiled command, or a word on how to compile it.

import { existsSync } from 'node:fs';

const main = new URL('../dist/src/cli/main.js', import.meta.url);
if (existsSync(main)) {
  await import(main.href);
} else {
  console.error('lightbed is not compiled yet: run npm start or npm test once in this folder');
  process.exitCode = 1;
}
