'use strict';

const { readFile } = require('node:fs/promises');
const { dirname, join } = require('node:path');

let compiled = null;

/**
 * Keeps the embedded database's code compiled until the process ends. V8 shares it between threads, and throws it away
 * with the last one that uses it, so that each start would compile it again, which is half of what it costs.
 */
module.exports.keepEmbedded = async () => {
  const file = join(dirname(require.resolve('@electric-sql/pglite')), 'pglite.wasm');
  compiled ??= readFile(file).then((bytes) => WebAssembly.compile(bytes));
  await compiled;
};
