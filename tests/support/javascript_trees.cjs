// Says of pairs of programs whether an engine's parser reads them alike, up to spellings that mean the same.
//
// Reads a line of JSON a pair: {before, after, typed}; writes a line of JSON each: "same", "other", "unread" where the
// first does not parse, "broken" where the second alone does not. JavaScript is read by acorn, which node carries (run
// node with --expose-internals), TypeScript by the compiler that TYPESCRIPT names, if it names one.

'use strict';

const acorn = require('internal/deps/acorn/acorn/dist/acorn');
const typescript = process.env.TYPESCRIPT ? require(process.env.TYPESCRIPT) : null;

const OPTIONS = { ecmaVersion: 'latest', allowHashBang: true, allowReturnOutsideFunction: true, allowAwaitOutsideFunction: true };
const PLACES = new Set(['start', 'end', 'raw', 'loc', 'range', 'sourceType', 'optionalChain']);
const DECLARING = new Set(['ClassDeclaration', 'FunctionDeclaration', 'LabeledStatement']);

function parsed(text) {
  try {
    return acorn.parse(text, { ...OPTIONS, sourceType: 'module' });
  } catch {
    return acorn.parse(text, { ...OPTIONS, sourceType: 'script' });
  }
}

const isName = (text) => /^[A-Za-z_$][\w$]*$/.test(text) && !['__proto__', 'constructor', 'prototype'].includes(text);

function withPlainKey(node) {
  if (node.key.type === 'Literal' && typeof node.key.value === 'string' && isName(node.key.value)) {
    return { ...node, computed: false, key: { type: 'Identifier', name: node.key.value } };
  }
  return node;
}

function body(statement) {
  if (!statement || statement.type !== 'BlockStatement') return statement;
  const inside = statement.body.filter((each) => each.type !== 'EmptyStatement');
  if (inside.length === 0) return { type: 'EmptyStatement' };
  const [only] = inside;
  const declares = DECLARING.has(only.type) || (only.type === 'VariableDeclaration' && only.kind !== 'var');
  return inside.length === 1 && !declares ? body(only) : statement;
}

const RULES = {
  Property: (node) => ({ ...withPlainKey(node), shorthand: false }),
  MethodDefinition: withPlainKey,
  PropertyDefinition: withPlainKey,
  MemberExpression: (node) =>
    node.computed && node.property.type === 'Literal' && typeof node.property.value === 'string' && isName(node.property.value)
      ? { ...node, computed: false, property: { type: 'Identifier', name: node.property.value } }
      : node,
  // Whether a function may be an arrow, or operands are of one type, is seen by running.
  FunctionExpression: (node) => (node.id || node.generator ? node : RULES.ArrowFunctionExpression({ ...node, type: 'ArrowFunctionExpression' })),
  BinaryExpression: (node) => ({ ...node, operator: node.operator.replace(/^([!=]=)=$/, '$1') }),
  ArrowFunctionExpression: (node) => {
    const inside = node.body.type === 'BlockStatement' ? node.body.body.filter((each) => each.type !== 'EmptyStatement') : [];
    const value = inside.length === 1 && inside[0].type === 'ReturnStatement' && inside[0].argument;
    return { ...node, expression: node.body.type !== 'BlockStatement' || Boolean(value), body: value || node.body };
  },
  TemplateLiteral: (node) =>
    node.expressions.length === 0 ? { type: 'Literal', value: node.quasis[0].value.cooked } : node,
  TemplateElement: (node) => ({ type: node.type, value: node.value.cooked, raw: node.value.cooked == null ? node.value.raw : '' }),
  TaggedTemplateExpression: (node) => ({
    type: node.type,
    tag: node.tag,
    raw: node.quasi.quasis.map((each) => each.value.raw),
    places: node.quasi.expressions,
  }),
  VariableDeclaration: (node) => ({ ...node, kind: 'any' }), // whether another word is the same is seen by running
  IfStatement: (node) => ({ ...node, consequent: body(node.consequent), alternate: body(node.alternate) }),
  ForStatement: (node) => ({ ...node, body: body(node.body) }),
  ForInStatement: (node) => ({ ...node, body: body(node.body) }),
  ForOfStatement: (node) => ({ ...node, body: body(node.body) }),
  WhileStatement: (node) => ({ ...node, body: body(node.body) }),
  DoWhileStatement: (node) => ({ ...node, body: body(node.body) }),
  WithStatement: (node) => ({ ...node, body: body(node.body) }),
};

function normal(node) {
  if (Array.isArray(node)) {
    return node.filter((each) => !each || each.type !== 'EmptyStatement').map(normal);
  }
  if (typeof node === 'bigint') return `${node}n`;
  if (!node || typeof node !== 'object') return typeof node === 'number' ? `number ${node}` : node;
  if (node instanceof RegExp) return String(node);
  const ruled = (RULES[node.type] || ((same) => same))(node);
  const kept = {};
  for (const key of Object.keys(ruled).sort()) {
    if (!PLACES.has(key) || (key === 'raw' && ruled.type !== 'Literal' && typeof ruled.raw !== 'undefined')) {
      kept[key] = normal(ruled[key]);
    }
  }
  return kept;
}

function told(text) {
  return JSON.stringify(normal(parsed(text)));
}

// TypeScript: the tree of the compiler, kinds and words.

function isKey(ts, node) {
  const { parent } = node;
  return (parent.name === node && parent.kind !== ts.SyntaxKind.ModuleDeclaration) || parent.propertyName === node;
}

function typedRule(ts, node) {
  const kind = ts.SyntaxKind;
  switch (node.kind) {
    case kind.ParenthesizedExpression:
    case kind.ParenthesizedType:
      return typedNormal(ts, node.expression || node.type);
    case kind.StringLiteral:
      if (isKey(ts, node) && isName(node.text)) return ['name', node.text];
    // falls through
    case kind.NoSubstitutionTemplateLiteral:
      return ['text', node.text, node.parent.kind === kind.TaggedTemplateExpression ? node.rawText : 0];
    case kind.ShorthandPropertyAssignment:
      if (!node.objectAssignmentInitializer && isName(node.name.text)) {
        return ['pair', ['name', node.name.text], ['name', node.name.text]];
      }
      return null;
    case kind.PropertyAssignment:
      return ['pair', typedNormal(ts, node.name), typedNormal(ts, node.initializer)];
    case kind.TypeReference:
      if (node.typeName.text === 'Array' && node.typeArguments?.length === 1) return ['array', typedNormal(ts, node.typeArguments[0])];
      if (node.typeName.text === 'ReadonlyArray' && node.typeArguments?.length === 1) return ['readonly', ['array', typedNormal(ts, node.typeArguments[0])]];
      return null;
    case kind.ArrayType:
      return ['array', typedNormal(ts, node.elementType)];
    case kind.TypeOperator:
      return [{ [kind.ReadonlyKeyword]: 'readonly' }[node.operator] || node.operator, typedNormal(ts, node.type)];
    case kind.TypeAssertionExpression:
    case kind.AsExpression:
      return ['as', typedNormal(ts, node.expression), typedNormal(ts, node.type)];
    case kind.NewExpression:
      return ['new', typedNormal(ts, node.expression), (node.typeArguments || []).map((each) => typedNormal(ts, each)), (node.arguments || []).map((each) => typedNormal(ts, each))];
    case kind.EqualsEqualsEqualsToken:
      return ['EqualsEqualsToken'];
    case kind.ExclamationEqualsEqualsToken:
      return ['ExclamationEqualsToken'];
    case kind.EqualsEqualsToken:
    case kind.ExclamationEqualsToken:
      return [ts.SyntaxKind[node.kind]];
    case kind.FunctionExpression:
    case kind.ArrowFunction: {
      if (node.name || node.asteriskToken) return null;
      const block = node.body.kind === kind.Block ? node.body.statements.filter((each) => each.kind !== kind.EmptyStatement) : null;
      const value = block?.length === 1 && block[0].kind === kind.ReturnStatement && block[0].expression;
      const head = [...(node.modifiers || []), ...(node.typeParameters || []), ...node.parameters, ...(node.type ? [node.type] : [])];
      return ['arrow', head.map((each) => typedNormal(ts, each)), typedNormal(ts, value || node.body)];
    }
    case kind.PublicKeyword:
      return node.parent.kind === kind.Parameter ? null : undefined;
    case kind.EmptyStatement:
      return undefined;
    case kind.Block: {
      const owners = [kind.IfStatement, kind.ForStatement, kind.ForInStatement, kind.ForOfStatement, kind.WhileStatement, kind.DoStatement];
      const kept = node.statements.filter((each) => each.kind !== kind.EmptyStatement);
      if (!owners.includes(node.parent.kind)) return null;
      if (kept.length === 0) return ['nothing'];
      const only = kept[0];
      const declares = [kind.ClassDeclaration, kind.FunctionDeclaration, kind.LabeledStatement, kind.InterfaceDeclaration, kind.TypeAliasDeclaration, kind.EnumDeclaration].includes(only.kind)
        || (only.kind === kind.VariableStatement && only.declarationList.flags & 3);
      return kept.length === 1 && !declares ? typedNormal(ts, only) : null;
    }
    default:
      return null;
  }
}

function typedNormal(ts, node) {
  const ruled = typedRule(ts, node);
  if (ruled !== null) return ruled;
  const inside = [];
  ts.forEachChild(node, (child) => {
    inside.push(typedNormal(ts, child));
  });
  if (node.kind === ts.SyntaxKind.Identifier) return ['name', node.text];
  if (node.kind === ts.SyntaxKind.PrefixUnaryExpression || node.kind === ts.SyntaxKind.PostfixUnaryExpression) inside.push(node.operator);
  return [ts.SyntaxKind[node.kind], node.text === undefined || node.kind === ts.SyntaxKind.SourceFile ? 0 : node.text, ...inside.filter((each) => each !== undefined)];
}

function typedTold(text) {
  const file = typescript.createSourceFile(text.includes('</') || text.includes('/>') ? 'a.tsx' : 'a.ts', text, typescript.ScriptTarget.Latest, true);
  if (file.parseDiagnostics.length) throw new SyntaxError('typed');
  return JSON.stringify(typedNormal(typescript, file));
}

function verdict({ before, after, typed }) {
  if (typed && !typescript) return 'unread';
  const tell = typed ? typedTold : told;
  let first;
  try {
    first = tell(before);
  } catch {
    return 'unread';
  }
  try {
    return first === tell(after) ? 'same' : 'other';
  } catch {
    return 'broken';
  }
}

let waiting = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (chunk) => {
  const lines = (waiting + chunk).split('\n');
  waiting = lines.pop();
  for (const line of lines) process.stdout.write(`${JSON.stringify(verdict(JSON.parse(line)))}\n`);
});
