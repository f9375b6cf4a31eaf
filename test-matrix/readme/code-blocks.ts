/** One TypeScript block of a Markdown file. */
export interface CodeBlock {
  /** The file it says it is in its first line (`// name.ts`), else one of its own. */
  readonly file: string;
  readonly code: string;
  /** Where its fence opens, counted from 1. */
  readonly line: number;
}

const FENCE = /^```ts\n(?<code>[\s\S]*?)^```$/gm;

/** Every `ts` block of a Markdown text, in order. */
export function codeBlocks(markdown: string): CodeBlock[] {
  return Array.from(markdown.matchAll(FENCE), (match, index) => {
    const code = match.groups?.['code'] ?? '';
    const named = /^\/\/ (?<name>[\w-]+(?:\.test)?\.ts)\n/.exec(code)?.groups?.['name'];
    const line = markdown.slice(0, match.index).split('\n').length;
    return { file: named ?? `block-${index + 1}.ts`, code, line };
  });
}
