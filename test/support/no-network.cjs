/** Loaded with --require: every connection of this process fails. */
'use strict';
const { Socket } = require('node:net');

Socket.prototype.connect = function connect() {
  throw new Error('This process must not connect to anything');
};
