// The command that runs a scenario again, ready to be pasted into a shell.

/** `faults` is the file of a schedule that was played. */
export const replayCommandOf = (file: string, world: string, seed: string, faults?: string): string => {
  const schedule = faults === undefined ? '' : ` --faults ${shellWord(faults)}`;
  return `npx lightbed run ${shellWord(file)}${schedule} --world ${world} --seed${/^-/.test(seed) ? '=' : ' '}${shellWord(seed)}`;
};

/** As a POSIX shell takes it for one word. */
const shellWord = (text: string): string =>
  /^[\w./:=,@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
