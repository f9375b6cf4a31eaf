import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Ends a runtime that hangs: three times what the slowest takes on a busy machine. */
const MOST_MS = 60_000;

/** What a program prints, on either descriptor; when it fails, also why, on ours. */
export async function printed(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  try {
    const { stdout, stderr } = await promisify(execFile)(program, args, { env, timeout: MOST_MS });
    return stdout + stderr;
  } catch (error) {
    const { message, stdout = '', stderr = '' } = error as { message: string; stdout?: string; stderr?: string };
    console.error(`${message}\n${stderr}`);
    return stdout + stderr;
  }
}
