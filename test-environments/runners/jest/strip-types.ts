import { stripTypeScriptTypes } from 'node:module';

/** What Node does to a TypeScript file, for Jest, which loads modules by itself. */
export default { process: (source: string) => ({ code: stripTypeScriptTypes(source) }) };
