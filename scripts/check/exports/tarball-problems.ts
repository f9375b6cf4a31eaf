import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What is wrong with the files of an unpacked tarball: links and source maps that lead to nothing outside of the repository. */
export function tarballProblems(name: string, folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return [
    ...files.filter((it) => it.endsWith('.md')).flatMap((it) => linkProblems(folder, it)),
    ...files.filter((it) => it.endsWith('.map')).flatMap((it) => mapProblems(folder, it)),
  ].map((problem) => `${name}: ${problem}`);
}

/**
 * The links of a document that lead nowhere on npm: relative ones, since only the host of a repository knows how to
 * follow those.
 */
export function linkProblems(folder: string, file: string): string[] {
  const text = readFileSync(join(folder, file), 'utf8').replaceAll(/^```[^]*?^```$/gm, '');
  const links = [...text.matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$/gm)].map(
    ([, inline, below]) => inline ?? below ?? '',
  );
  return links.filter((it) => !/^(https:\/\/|#)/.test(it)).map((it) => `${file} links to ${it}`);
}

function mapProblems(folder: string, file: string): string[] {
  const { sources } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { readonly sources: readonly string[] };
  return sources
    .filter((source) => !existsSync(join(folder, dirname(file), source)))
    .map((source) => `${file} leads to ${source}, which is not published`);
}
