/** A value that must be refused, with a name for people. */
export interface Wrong {
  readonly name: string;
  readonly value: unknown;
}

const wrong = (values: Readonly<Record<string, unknown>>): Wrong[] =>
  Object.entries(values).map(([name, value]) => ({ name, value }));

const body = new Uint8Array([1, 2, 3]);

/** No paths; `/` is one of a directory. */
export const WRONG_DIRECTORIES: readonly Wrong[] = wrong({
  'an empty path': '',
  'a relative path': 'a',
  'a path of two slashes': '//',
  'a trailing slash': '/a/',
  'an empty segment': '/a//b',
  'a dot segment': '/.',
  'a dot-dot segment': '/a/../b',
  'a backslash': '/a\\b',
  'a NUL': '/a\u0000',
  'a C1 control': '/a\u0085',
  'a DEL': '/\u007f',
  'a lone high surrogate': '/\uD800',
  'a lone low surrogate': '/a/\uDC00b',
  'a path that is not NFC': '/e\u0301',
  'a segment of 256 bytes': `/${'x'.repeat(256)}`,
  'a segment of 256 bytes in 128 letters': `/${'é'.repeat(128)}`,
  'a path of 1,025 bytes': `/${'x'.repeat(204)}`.repeat(5),
  'a path that is null': null,
  'a path that is missing': undefined,
  'a path that is a number': 5,
  'a path that is an object': { toString: () => '/a' },
});

/** No paths of entries. */
export const WRONG_PATHS: readonly Wrong[] = [...WRONG_DIRECTORIES, { name: 'the root', value: '/' }];

// No expectations, neither of a put nor of a delete.
const WRONG_EITHER_WAY: readonly Wrong[] = wrong({
  'the expectation 0': 0,
  'the expectation ""': '',
  'the expectation null': null,
  'no expectation': undefined,
  'the expectation NaN': Number.NaN,
  'the expectation true': true,
  'the expectation "ANY"': 'ANY',
  'the expectation []': [],
  'the expectation {}': {},
  'an empty version': { version: '' },
  'a version that is null': { version: null },
  'a version that is a number': { version: 1 },
  'a version with a space': { version: 'a b' },
  'a version with a NUL': { version: 'a\u0000' },
  'a version of 129 characters': { version: 'x'.repeat(129) },
  'a version and more': { version: 'x', force: true },
});

/** No expectations, by operation. */
export const WRONG_EXPECTATIONS: Readonly<Record<'put' | 'delete', readonly Wrong[]>> = {
  put: WRONG_EITHER_WAY,
  delete: [...WRONG_EITHER_WAY, { name: 'the expectation "absent"', value: 'absent' }],
};

const indexed = (projection: unknown) => ({ body, kind: 'Turn', indexed: projection });

/** No entries. */
export const WRONG_ENTRIES: readonly Wrong[] = wrong({
  'no entry': undefined,
  'the entry null': null,
  'an entry that is a text': 'text',
  'an entry without a body': { kind: 'Turn' },
  'a body that is a text': { body: 'text' },
  'a body that is an array': { body: [1, 2] },
  'a body of 16-bit numbers': { body: new Uint16Array(2) },
  'a body that is a bare buffer': { body: new ArrayBuffer(2) },
  'an unknown key of an entry': { body, version: 'x' },
  'an empty content type': { body, contentType: '' },
  'a content type that is not ASCII': { body, contentType: 'text/plä' },
  'a content type of two lines': { body, contentType: 'text/plain\r\nx: y' },
  'a content type that is null': { body, contentType: null },
  'an empty kind': { body, kind: '' },
  'a kind with a hyphen': { body, kind: 'a-b' },
  'a kind that starts with a digit': { body, kind: '1a' },
  'a kind of 129 characters': { body, kind: 'K'.repeat(129) },
  'a kind that is null': { body, kind: null },
  'a projection that is null': indexed(null),
  'a projection that is an array': indexed([1]),
  'a projection that is a Map': indexed(new Map([['a', 1]])),
  'a projection with a key that is no identifier': indexed({ 'a-b': 1 }),
  'a projection with the key __proto__': indexed(JSON.parse('{"__proto__":1}')),
  'a projection of 33 keys': indexed(Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`k${index}`, 1]))),
  'NaN in a projection': indexed({ a: Number.NaN }),
  'Infinity in a projection': indexed({ a: Number.POSITIVE_INFINITY }),
  'undefined in a projection': indexed({ a: undefined }),
  'a bigint in a projection': indexed({ a: 1n }),
  'an object in a projection': indexed({ a: {} }),
  'a NUL in a projection': indexed({ a: 'a\u0000b' }),
  'a lone surrogate in a projection': indexed({ a: '\uD83D' }),
  'a text of 1,025 bytes in a projection': indexed({ a: 'x'.repeat(1025) }),
});

/** No options of any operation. */
export const WRONG_OPTIONS: readonly Wrong[] = wrong({
  'options that are null': null,
  'options that are a text': 'fast',
  'an unknown option': { retries: 3 },
  'a signal that is none': { signal: { aborted: false } },
  'a timeout that is negative': { timeoutMs: -1 },
  'a timeout that is NaN': { timeoutMs: Number.NaN },
  'a timeout that is a text': { timeoutMs: '5' },
  'a timeout longer than a timer': { timeoutMs: 2 ** 31 },
});

const pageSizes = (option: string): Wrong[] =>
  [0, -1, 1.5, 1001, Number.NaN, '10', null].map((value) => ({
    name: `the ${option} ${JSON.stringify(value)}`,
    value: { [option]: value },
  }));

/** No options of `list`. */
export const WRONG_LIST_OPTIONS: readonly Wrong[] = [
  ...WRONG_OPTIONS,
  ...pageSizes('limit'),
  ...['', 'a/b', '.', '..', '\u0000', 'e\u0301', 5, null].map((after) => ({
    name: `the cursor ${JSON.stringify(after)}`,
    value: { after },
  })),
  { name: 'an option of another operation', value: { pageSize: 1 } },
];

/** No options of `entries`. */
export const WRONG_ENTRIES_OPTIONS: readonly Wrong[] = [
  ...WRONG_OPTIONS,
  ...pageSizes('pageSize'),
  ...[0, -1, 1.5, 2 ** 25 + 1, Number.NaN, '10', null].map((pageBytes) => ({
    name: `the pageBytes ${JSON.stringify(pageBytes)}`,
    value: { pageBytes },
  })),
  { name: 'an option of another operation', value: { limit: 1 } },
];

/** No cursors of `entries`, which are paths. */
export const WRONG_ENTRIES_CURSORS: readonly Wrong[] = WRONG_PATHS.filter(({ value }) => value !== undefined).map(
  ({ name, value }) => ({ name: `the cursor: ${name}`, value: { after: value } }),
);

/** No options of `casUpdate`. */
export const WRONG_UPDATE_OPTIONS: readonly Wrong[] = [
  ...WRONG_OPTIONS,
  ...wrong({
    'no attempts': { maxAttempts: 0 },
    'half an attempt': { maxAttempts: 0.5 },
    'a negative backoff': { backoffMinMs: -1 },
    'a random source that is none': { random: 0.5 },
  }),
];
