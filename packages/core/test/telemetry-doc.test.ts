import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CasApply } from '../src/cas/cas-apply.ts';
import { casUpdate } from '../src/cas/cas-update.ts';
import { jsonCodec } from '../src/codecs/json-codec.ts';
import { withTracing } from '../src/layers/with-tracing.ts';
import { transact } from '../src/transact/transact.ts';
import { bytes } from './support/bytes.ts';
import { CommittingFilesystem } from './support/committing-filesystem.ts';
import { rejection } from './support/rejection.ts';
import { Metrics, Spans } from './support/telemetry.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

test('every name that spans and metrics have is in the README, with its unit', async () => {
  const [spans, metrics] = [new Spans(), new Metrics()];
  const { tracer } = spans;
  const { meter } = metrics;
  const filesystem = withTracing(new CommittingFilesystem(), { tracer, meter, paths: 'full' });
  const counter = jsonCodec<number>({ kind: 'n' });
  let attempts = 0;
  await casUpdate(filesystem, '/n', counter, async (current = 0) => {
    attempts += 1;
    if (attempts === 1)
      await filesystem.put('/n', { body: bytes('1'), kind: 'n', contentType: 'application/json' }, 'absent');
    return CasApply.write(current + 1);
  });
  await rejection(filesystem.put('/n', { body: bytes('x') }, 'absent'));
  await transact(filesystem, async (tx) => [await tx.get('/n', counter), await tx.get('/m', counter)]);
  await filesystem.list('/');
  await filesystem.entries('/').next();
  await filesystem.delete('/n', 'any');

  const ended = spans.ended;
  const measured = await metrics.measured();
  const attributes = [...ended, ...measured].flatMap((it) => Object.keys(it.attributes));
  const names = new Set([...ended, ...measured].map(({ name }) => name).concat(attributes));
  expect(names.size).toBeGreaterThanOrEqual(15);
  // Of several in a row that begin alike, only the first is written out.
  const isThere = (name: string): boolean =>
    readme.includes(`\`${name}\``) || readme.includes(`\`.${name.split('.').at(-1)}\``);
  expect([...names].filter((name) => !isThere(name))).toEqual([]);
  for (const { name, unit } of measured) expect(readme).toMatch(new RegExp(`\`${name}\`.*\`${unit}\``));
});
