/**
 * Node's own modules that take milliseconds to load, at their first use: what only lists plugins needs neither.
 * Importing them at the top of a file that start-up reads would cost every command.
 */
export const nodeCrypto = (): typeof import('node:crypto') =>
  process.getBuiltinModule('node:crypto');

export const nodeChildProcess = (): typeof import('node:child_process') =>
  process.getBuiltinModule('node:child_process');
