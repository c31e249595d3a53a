'use strict';

const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');

const SELF = readFileSync(__filename);

/** Of an ECMAScript module, which stands in no function. */
const isModule = (code) => /^(import|export)\b/m.test(code) && !/\bexports\b/.test(code);

/**
 * In place of a module's code: the module as Node itself loads it, the same one for every test file of a worker. Where
 * there is no sandbox to leave, in jest's global set-up, the code is left as it is.
 */
module.exports = {
  process(code, file) {
    const native = `module.exports = requireNatively(${JSON.stringify(file)});`;
    if (isModule(code)) return { code: native };
    return {
      code: `if (typeof requireNatively === 'function') ${native}
else (function () { ${code}
}).call(this);`,
    };
  },
  getCacheKey: (code, file) => createHash('sha256').update(SELF).update(file).update(code).digest('hex'),
};
