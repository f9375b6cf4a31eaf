import { pnpm } from '../../toolchain/pnpm.mjs';

/** What would be published of one package. */
export interface Tarball {
  readonly path: string;
  /** The paths in it, without the `package/` that each starts with. */
  readonly files: readonly string[];
}

/** Packs every published package into a folder, as publishing would. Resolves with the tarballs by package name. */
export async function packAll(folder: string): Promise<Map<string, Tarball>> {
  let output = '';
  const args = ['--recursive', '--filter', './packages/*', 'pack', '--json', '--pack-destination', folder];
  const code = await pnpm(args, { stdio: ['ignore', 'pipe', 2], onOutput: (text) => void (output += text) });
  if (code !== 0) throw new Error(`pnpm pack failed (exit code ${code})`);

  const packed = JSON.parse(output) as { name: string; filename: string; files: { path: string }[] }[];
  return new Map(packed.map((it) => [it.name, { path: it.filename, files: it.files.map(({ path }) => path) }]));
}
