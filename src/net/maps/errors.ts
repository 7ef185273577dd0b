// What is wrong with a file that should hold a network: one message, ready to print.

export class MapError extends Error {
  override readonly name = 'MapError';
}
