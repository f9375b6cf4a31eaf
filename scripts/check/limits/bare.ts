import type { Expression } from 'oxc-parser';

/** An expression without what says nothing of its value: parentheses, types, `Object.freeze`. */
export function bare(node: Expression): Expression {
  switch (node.type) {
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
      return bare(node.expression);
    case 'CallExpression': {
      const [only] = node.arguments;
      return isFreeze(node.callee) && only !== undefined && only.type !== 'SpreadElement' ? bare(only) : node;
    }
    default:
      return node;
  }
}

function isFreeze(callee: Expression): boolean {
  return (
    callee.type === 'MemberExpression' &&
    callee.object.type === 'Identifier' &&
    callee.object.name === 'Object' &&
    callee.property.type === 'Identifier' &&
    callee.property.name === 'freeze'
  );
}
