'use strict';

const { TestEnvironment } = require('jest-environment-node');

/**
 * Node, as jest knows it, with a way out of its sandbox: what native-module.cjs hands over is loaded once by a worker of
 * jest and not once by each test file. The service with its libraries takes a second and 60 MB every time.
 */
module.exports = class NativeEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    // What a test makes has to be one of its kind for the service, too, and the other way round.
    Object.assign(this.global, { requireNatively: require, Date, Error, TypeError, RangeError });
  }
};
