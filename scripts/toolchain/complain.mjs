/**
 * Ends the process with the message of an error and no stack: these are for whoever ran the command.
 *
 * @param {unknown} error
 * @returns {never}
 */
export function complain(error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
