import { runCli } from '#host/cli/run-cli.js';

/** What one command line printed and how it ended. */
export interface Captured {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process, on a terminal that remembers. */
export async function capture(
  argv: readonly string[],
  options: {
    readonly signal?: AbortSignal;
    readonly interactive?: boolean;
    readonly env?: { readonly VOXHOST_LOG?: string };
  } = {},
): Promise<Captured> {
  let out = '';
  let err = '';
  const exitCode = await runCli(argv, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    interactive: options.interactive ?? false,
    env: options.env ?? {},
    signal: options.signal ?? new AbortController().signal,
  });
  return { exitCode, out, err };
}
