import { PostgresQueryCompiler, type OperatorNode } from 'kysely';
import { qualifiedOperator } from './qualified-operator.ts';

const SYMBOL = /^[^a-z]+$/;

/**
 * Names the schema of each operator: also in the statements of Kysely's migrator, which are not ours to write. Operators
 * that are words go through as they are, and `in` and `like` find theirs by `search_path`.
 */
export class QualifyingCompiler extends PostgresQueryCompiler {
  protected override visitOperator({ operator }: OperatorNode): void {
    this.append(SYMBOL.test(operator) ? qualifiedOperator(operator) : operator);
  }
}
