/** Real: everything. Fake: nothing. */
import { networkOf } from '../../src/services/audit/network-of';

describe('the network of an address', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:192.0.2.7', '192.0.2.7'],
    ['::ffff:c000:207', '192.0.2.7'],
    ['0:0:0:0:0:ffff:192.0.2.7', '192.0.2.7'],
    ['0000:0000:0000:0000:0000:ffff:c000:0207', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2'],
    ['2001:db8:1:2::', '2001:db8:1:2'],
    ['[2001:db8:1:2::1]', '2001:db8:1:2'],
    ['[2001:db8:1:2::1]:50123', '2001:db8:1:2'],
    ['192.0.2.7:50123', '192.0.2.7'],
    ['[::ffff:192.0.2.7]:50123', '192.0.2.7'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['[fe80::1%eth0]:80', 'fe80:0:0:0'],
    ['::1', '0:0:0:0'],
    ['::', '0:0:0:0'],
    ['2001:db8::192.0.2.7', '2001:db8:0:0'],
  ])('%s is %s', (address, network) => expect(networkOf(address)).toBe(network));

  test('of an organisation has 48 bits, and IPv4 stays what it is', () => {
    expect(networkOf('2001:db8:1:2::9', 48)).toBe('2001:db8:1');
    expect(networkOf('2001:DB8:1:3::', 48)).toBe('2001:db8:1');
    expect(networkOf('::ffff:192.0.2.7', 48)).toBe('192.0.2.7');
  });

  test('of what is no address is short', () => {
    expect(networkOf('x'.repeat(100_000)).length).toBeLessThan(100);
    expect(networkOf('')).toBe('');
  });
});
