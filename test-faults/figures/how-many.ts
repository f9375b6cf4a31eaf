/** Whether this is `npm run test:faults`, the full form; `npm test` runs the short one. */
export const full = process.env['HOLDFAST_FAULTS'] === 'full';

/** The short form is at least a tenth of the full one. */
const SHORT = 10;

/**
 * How often to do something, given how often the full form does.
 *
 * `HOLDFAST_FAULTS_TIMES=5` multiplies the full form, for hours on demand.
 */
export function howMany(inFull: number): number {
  return full ? Math.ceil(inFull * times()) : Math.ceil(inFull / SHORT);
}

function times(): number {
  const given = Number(process.env['HOLDFAST_FAULTS_TIMES'] ?? 1);
  if (!(given > 0)) throw new Error('HOLDFAST_FAULTS_TIMES has to be a number above 0');
  return given;
}
