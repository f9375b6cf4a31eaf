import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { publishedPackages, type WorkspacePackage } from '../../lib/workspace.ts';
import { root } from '../../toolchain/root.mjs';
import { run } from '../../toolchain/run.mjs';

/** The oldest compiler that the README names, and the one of this workspace. */
const COMPILERS: Readonly<Record<string, string>> = {
  'TypeScript 5.9': 'typescript-oldest/bin/tsc',
  'TypeScript 7': 'typescript/bin/tsc',
};

/** Packages that are compiled together, and what users may have beside them instead of Node's types. */
interface Group {
  readonly names: readonly string[];
  readonly libs: readonly (readonly string[])[];
}

const NOTHING = ['es2022'];
const BROWSER = ['es2024', 'dom'];

/**
 * Apart, since Kysely declares globals that the others may not rely on, and pg's types bring Node's along: several
 * releases of them in this workspace, which contradict each other unless those of a browser go before them.
 */
const GROUPS: readonly Group[] = [
  { names: ['core', 'contract', 'memory', 'local-disk'], libs: [NOTHING, BROWSER] },
  { names: ['sql', 'sqlite', 'libsql'], libs: [NOTHING, BROWSER] },
  { names: ['postgres'], libs: [BROWSER] },
];

/**
 * What the compiler says about the types of the packages in a project that has unpacked them and checks every type,
 * with no types of Node's. What it says about the types of others is theirs.
 */
export async function consumerProblems(project: string): Promise<string[]> {
  const packages = publishedPackages();
  for (const it of packages) linkDependencies(it, project);
  const problems = new Set<string>();
  for (const { names, libs } of GROUPS) {
    const group = packages.filter(({ folder }) => names.some((name) => folder === `packages/${name}`));
    writeFileSync(join(project, 'main.ts'), importAll(group));
    for (const [compiler, bin] of Object.entries(COMPILERS)) {
      for (const lib of libs) {
        for (const problem of await compile(project, bin, lib))
          problems.add(`${problem} (${compiler}, ${lib.join(', ')})`);
      }
    }
  }
  const left = packages.filter(
    ({ folder }) => !GROUPS.flatMap(({ names }) => names).some((name) => folder === `packages/${name}`),
  );
  return [
    ...problems,
    ...left.map(({ folder }) => `${folder}: scripts/check/exports/consumer-problems.ts does not name it`),
  ];
}

function importAll(packages: readonly WorkspacePackage[]): string {
  const entries = packages.flatMap(({ manifest: { name, exports = {} } }) =>
    Object.keys(exports)
      .filter((entry) => entry !== './package.json')
      .map((entry) => name + entry.slice('.'.length)),
  );
  return entries.map((entry, index) => `export * as m${index} from '${entry}';\n`).join('');
}

/** The packages of others that a package is installed with; of drivers that are left to the user only types count. */
function linkDependencies({ folder, manifest }: WorkspacePackage, project: string): void {
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    if (name.startsWith('@holdfast/')) continue;
    const link = join(project, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, folder, 'node_modules', name), link, 'dir');
  }
}

async function compile(project: string, bin: string, lib: readonly string[]): Promise<string[]> {
  const compilerOptions = {
    lib,
    types: [],
    module: 'nodenext',
    target: 'es2022',
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
  };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['main.ts'] }));
  let output = '';
  const program = join(root, 'node_modules', bin);
  const code = await run(process.execPath, [program, '--project', project, '--pretty', 'false'], {
    cwd: project,
    stdio: ['ignore', 'pipe', 2],
    onOutput: (text) => void (output += text),
  });
  const lines = output.split('\n').filter((line) => /: error TS|^error TS/.test(line));
  if (code !== 0 && lines.length === 0) return [`the compiler failed with exit code ${code}`];
  // The paths of others are those that their links lead to, outside of the project.
  return lines.filter((line) => /^(node_modules\/@holdfast\/|main\.ts|error)/.test(line));
}
