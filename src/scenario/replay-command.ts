// The command that runs a scenario again, ready to be pasted into a shell.

export const replayCommandOf = (file: string, world: string, seed: string): string =>
  `npx lightbed run ${shellWord(file)} --world ${world} --seed${/^-/.test(seed) ? '=' : ' '}${shellWord(seed)}`;

/** As a POSIX shell takes it for one word. */
const shellWord = (text: string): string =>
  /^[\w./:=,@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
