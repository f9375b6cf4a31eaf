import { engineAnswers } from './docker/engine.ts';
import { environmentVariable } from './environment-variable.ts';
import { ServerError } from './server-error.ts';
import type { Source } from './server.ts';

const sources: readonly string[] = ['environment', 'docker', 'binary'] satisfies readonly Source[];

/**
 * Decides where a server comes from: what is asked for, else what `HOLDFAST_SERVERS` says, else the first that is
 * there. Looks for a Docker engine only if it comes to that.
 *
 * @throws ServerError when `HOLDFAST_SERVERS` is none of the sources
 */
export async function chooseSource(only: Source | undefined, url: string | undefined): Promise<Source> {
  const forced = only ?? sourceFromEnvironment();
  if (forced) return forced;
  if (url) return 'environment';
  return (await engineAnswers()) ? 'docker' : 'binary';
}

function sourceFromEnvironment(): Source | undefined {
  const asked = environmentVariable('HOLDFAST_SERVERS');
  if (asked === undefined) return undefined;
  if (sources.includes(asked)) return asked as Source;
  throw new ServerError(`HOLDFAST_SERVERS is ${JSON.stringify(asked)}, but must be one of ${sources.join(', ')}.`);
}
