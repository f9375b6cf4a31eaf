// Imported first by every command, so that an old Node gets a sentence and not a syntax error.

const needed = 20;

if (Number(process.versions.node.split('.')[0]) < needed) {
  console.error(`Holdfast needs Node ${needed} or later to set itself up; this is ${process.version}.`);
  process.exit(1);
}
