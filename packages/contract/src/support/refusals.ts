import type { ScenarioBody } from '../scenario.ts';
import { file } from './bodies.ts';
import { checkEqual, checkRejects } from './check.ts';
import { changesNothing, FOREIGN } from './states.ts';

const PATH = '/refused/entry';
const REFUSED = { code: 'UNSUPPORTED', outcome: 'not-applied' } as const;

/** The opposite of what needs versions: none is handed out, and none is taken. */
export const refusesVersions: ScenarioBody = async (context) => {
  const { filesystem } = context;
  const { version } = await filesystem.put(PATH, file('x'), 'any');
  checkEqual(version, undefined, 'the version of a put');
  checkEqual((await filesystem.get(PATH))?.version, undefined, 'the version of a get');
  await changesNothing(context, () =>
    checkRejects(() => filesystem.put(PATH, file('y'), { version: FOREIGN }), REFUSED, 'put with a version'),
  );
};

/** The opposite of what needs conditional deletes. */
export const refusesConditionalDelete: ScenarioBody = async (context) => {
  const { filesystem } = context;
  await filesystem.put(PATH, file('x'), 'any');
  await changesNothing(context, () =>
    checkRejects(() => filesystem.delete(PATH, { version: FOREIGN }), REFUSED, 'delete with a version'),
  );
};
