// Whether a process of this machine is there, by its number: who wrote that number into a file may have ended since.

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
