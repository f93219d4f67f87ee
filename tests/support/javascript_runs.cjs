// Runs pairs of programs as node runs a file, and says of each whether both print the same.
//
// Reads a line of JSON a pair: {before, after}; writes a line of JSON each: {before, after}, what each has printed.

'use strict';

const vm = require('vm');

function told(value) {
  if (typeof value === 'function') return `function ${value.name} ${value.length}`;
  if (typeof value === 'symbol' || value === undefined) return String(value);
  if (typeof value === 'bigint') return `${value}n`;
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch (error) {
    return error.name;
  }
}

function run(text) {
  const lines = [];
  const module = { exports: {} };
  const log = (...values) => {
    lines.push(values.map(told).join(' '));
    return values[0];
  };
  const given = { exports: module.exports, require: (name) => ({ name, call: () => name }), module, log };
  try {
    const code = `(function (exports, require, module, log) {${text}\n}).call(exports, exports, require, module, log)`;
    vm.runInNewContext(code, given, { timeout: 5000 });
  } catch (error) {
    lines.push(`ended by ${error && error.name}`);
  }
  lines.push(told(module.exports));
  return lines.join('\n');
}

const known = new Map(); // a text is rewritten in many ways

function once(text) {
  if (!known.has(text)) known.set(text, run(text));
  return known.get(text);
}

let waiting = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (chunk) => {
  const lines = (waiting + chunk).split('\n');
  waiting = lines.pop();
  for (const line of lines) {
    const { before, after } = JSON.parse(line);
    process.stdout.write(`${JSON.stringify({ before: once(before), after: run(after) })}\n`);
  }
});
