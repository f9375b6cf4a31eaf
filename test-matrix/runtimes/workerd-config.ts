import { readdirSync, readFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';

interface Module {
  readonly name: string;
  readonly code: string;
}

/** The configuration of workerd for the worker of this folder: a text with every module in it. */
export function workerdConfig(): string {
  const own = ['worker.ts', 'portable.ts', 'result.ts', 'steps.ts'].map((file) => {
    const source = readFileSync(join(import.meta.dirname, file), 'utf8');
    return { name: file, code: stripTypeScriptTypes(source) };
  });
  const modules = [...own, ...['core', 'memory'].flatMap(modulesOf)].map(resolved);
  const list = modules.map(({ name, code }) => `(name = ${text(name)}, esModule = ${text(code)})`);
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [(name = "main", worker = .worker)]);
const worker :Workerd.Worker = (
  compatibilityDate = "2026-10-01",
  modules = [${list.join(',\n')}],
);
`;
}

/** The built modules of a package, in a folder of its name. */
function modulesOf(name: string): Module[] {
  const dist = join(dirname(createRequire(import.meta.url).resolve(`@holdfast/${name}/package.json`)), 'dist');
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((it) => it.endsWith('.js'));
  return files.map((file) => ({ name: `${name}/${file}`, code: readFileSync(join(dist, file), 'utf8') }));
}

/** A module whose imports of packages are those of their files: a specifier that is no path is none to workerd. */
function resolved({ name, code }: Module): Module {
  const up = '../'.repeat(name.split('/').length - 1) || './';
  return {
    name,
    code: code.replaceAll(
      /'@holdfast\/(\w+)(?:\/(\w+))?'/g,
      (_, from, entry = 'index') => `'${up}${from}/${entry}.js'`,
    ),
  };
}

/** A text of Cap'n Proto, which has no escapes of Unicode. */
function text(value: string): string {
  return JSON.stringify(value).replaceAll(/\\u00([0-9a-f]{2})/g, '\\x$1');
}
