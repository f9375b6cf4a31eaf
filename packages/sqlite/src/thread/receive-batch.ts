import type { RunnableGroup, RunnableMember, RunnableQuery } from '../run-groups.ts';
import type { SentBatch, SentMember, SentQuery } from './thread-messages.ts';

/** The groups of a batch, as they are run. */
export function receiveBatch({ statements: texts, groups }: SentBatch): readonly RunnableGroup[] {
  const statements = texts.map((text) => ({ text }));
  const query = ([number, ...values]: SentQuery): RunnableQuery => ({
    statement: statements[number] as { readonly text: string },
    values,
  });
  const member = ([change, sent, expected, version]: SentMember): RunnableMember => {
    const expects = expected === null ? undefined : { query: query(expected), version: version ?? undefined };
    return { change, query: sent === null ? undefined : query(sent), expects } as RunnableMember;
  };
  return groups.map((group) => group.map(member) as unknown as RunnableGroup);
}
