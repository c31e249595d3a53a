'use strict';

const { createHash } = require('node:crypto');
const { join } = require('node:path');

const DIST = join(__dirname, '..', '..', 'dist', 'src', 'services', 'faces', 'engine');
/** Of photos; a test file has a few. */
const MOST_ANSWERS = 1000;

/** Kept by number of threads. */
const pools = new Map();
/** What the models said of a photo, by its bytes and by what was asked. */
const answers = new Map();
let begun = false;

const keyOf = ({ jpeg, ...asked }) => createHash('sha256').update(jpeg).digest('hex') + JSON.stringify(asked);

/** The models' answer for a photo that they have not seen yet, else the same answer again. */
async function answer(pool, task, options) {
  if (task === undefined) return pool.run(task, options);
  const key = keyOf(task);
  let report = answers.get(key);
  if (report === undefined) {
    report = await pool.run(task, options);
    if (answers.size >= MOST_ANSWERS) answers.clear();
    answers.set(key, report);
  }
  return structuredClone(report);
}

/**
 * Keeps the threads that look at photos with the service's own model from one service to the next, and what they said: a new
 * thread takes a third of a second of processor time, a photo a tenth of that, and tests send the same photos again and
 * again. An engine with other limits than these is what its test is about, and has threads of its own.
 * @param {{ timeoutMs: number, queueLimit: number }} limits of the services that share the threads
 */
module.exports.keepFaceThreads = (limits) => {
  if (begun) return;
  begun = true;
  const { FaceEngine } = require(join(DIST, 'face-engine.js'));
  const { OWN_MODELS } = require(join(DIST, 'model-files.js'));
  const { createPool } = FaceEngine.prototype;
  FaceEngine.prototype.createPool = function () {
    const { workers, timeoutMs, queueLimit, model, script } = this.options;
    const shares =
      script === undefined &&
      model.folder === OWN_MODELS &&
      timeoutMs === limits.timeoutMs &&
      queueLimit === limits.queueLimit;
    if (!shares) return createPool.call(this);
    const pool = pools.get(workers) ?? createPool.call(this);
    pools.set(workers, pool);
    return { run: (task, options) => answer(pool, task, options), destroy: () => Promise.resolve() };
  };
};
