'use strict';

const { default: Sequencer } = require('@jest/test-sequencer');

/** Where one of these came last, the other worker would have nothing to do meanwhile. */
const LONGEST = [
  'web/endurance',
  'durability/crash.',
  'web/accessibility',
  'web/kiosk',
  'api/examples',
  'web/liveness',
  'nodes/attendance',
  'web/offline',
];

const placeOf = ({ path }) => {
  const place = LONGEST.findIndex((name) => path.includes(`/test/${name}`));
  return place < 0 ? LONGEST.length : place;
};

/** The longest test files first, then as jest would have it. */
module.exports = class LongestFirst extends Sequencer {
  async sort(tests) {
    return (await super.sort(tests)).sort((a, b) => placeOf(a) - placeOf(b));
  }
};
