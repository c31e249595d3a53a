'use strict';

const { readFile } = require('node:fs/promises');
const { createRequire } = require('node:module');
const { dirname, join } = require('node:path');

const { resolve } = createRequire(require.resolve('@rollcall/embedded-postgres'));

let compiled = null;

/**
 * Keeps the embedded database's code compiled until the process ends. V8 shares it between threads, and throws it away
 * with the last one that uses it, so that each start would compile it again, which is half of what it costs.
 */
module.exports.keepEmbedded = async () => {
  const file = join(dirname(resolve('@electric-sql/pglite')), 'pglite.wasm');
  compiled ??= readFile(file).then((bytes) => WebAssembly.compile(bytes));
  await compiled;
};
