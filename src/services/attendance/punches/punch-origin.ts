import { isIP, isIPv4 } from 'node:net';
import type { PunchOrigin } from '../../../entities/punch-origin';
import type { Actor } from '../../audit/actor';
import { withoutPort } from '../../audit/network-of';

/** What is kept of the request that made a punch. */
export const originOf = ({ caller, address, client = null }: Actor): PunchOrigin => ({
  sentBy: caller,
  sentFrom: address === null ? null : truncatedAddress(address),
  clientVersion: client,
});

/**
 * The network of an address: a /24 of IPv4, a /48 of IPv6. It identifies a site, not a device.
 * The same address written in another way gives the same network.
 * @returns null for a text that is no address
 */
export function truncatedAddress(address: string): string | null {
  const [bare = ''] = withoutPort(address).split('%');
  if (isIPv4(bare)) return `${bare.split('.').slice(0, 3).join('.')}.0/24`;
  if (isIP(bare) === 0) return null;
  // Brings every spelling into one: lower case, without zeros, an IPv4 address in hexadecimal.
  const canonical = new URL(`http://[${bare}]/`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
  const mapped = groups.slice(0, 5).every((group) => group === '0') && groups[5] === 'ffff';
  if (mapped) {
    const [high = 0, low = 0] = groups.slice(6).map((group) => parseInt(group, 16));
    return `${high >> 8}.${high & 255}.${low >> 8}.0/24`;
  }
  const network = groups
    .slice(0, 3)
    .join(':')
    .replace(/(^|:)0(:0)*$/, '');
  return `${network}::/48`;
}
