'use strict';

/**
 * Loaded into a service under test before its own code. At SIGUSR2 it prints the longest block of the event loop since the
 * last time, as {"longestBlockMs":12}. A block is what the main thread computes between two ticks of a timer, in processor
 * time, so that a busy machine makes it no longer.
 */
const { readFileSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

const TICK_MS = 5;

/** Of the first thread of this process, in milliseconds. */
const usedMs = () => Number(readFileSync('/proc/self/schedstat', 'utf8').split(' ')[0]) / 1e6;

let used = 0;
let longest = 0;

function tick() {
  const now = usedMs();
  longest = Math.max(longest, now - used);
  used = now;
}

if (isMainThread) {
  used = usedMs();
  setInterval(tick, TICK_MS).unref();
  process.on('SIGUSR2', () => {
    tick();
    process.stdout.write(`{"longestBlockMs":${Math.round(longest)}}\n`);
    longest = 0;
  });
}
