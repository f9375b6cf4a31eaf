import { run } from '../toolchain/run.mjs';

/** Runs a tool and resolves with whether it was content. What it prints is shown only if it was not. */
export async function isContent(command: string, args: readonly string[]): Promise<boolean> {
  let output = '';
  const stdio = ['ignore', 'pipe', 'pipe'] as const;
  const code = await run(command, args, { stdio: [...stdio], onOutput: (text) => void (output += text) });
  if (code !== 0) console.error(output);
  return code === 0;
}
