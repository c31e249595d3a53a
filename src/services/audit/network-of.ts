import { isIPv4, isIPv6 } from 'node:net';

/** Longest valid address, in characters. */
const LONGEST_ADDRESS = 64;

/**
 * The part of an address that is counted. Every spelling of an address gives the same part. For IPv6 only the first bits
 * count, because a customer owns a whole network. IPv4 written as IPv6 counts as IPv4.
 * @param bits 64: the network of a customer; 48: of an organisation, which has 65,536 of those
 */
export function networkOf(address: string, bits: 48 | 64 = 64): string {
  const bare = withoutPort(address.slice(0, LONGEST_ADDRESS)).split('%', 1)[0] ?? '';
  if (!isIPv6(bare)) return isIPv4(bare) ? bare : bare.toLowerCase();
  const groups = groupsOf(bare);
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (mapped) {
    const [high = 0, low = 0] = groups.slice(6);
    return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  }
  return groups
    .slice(0, bits / 16)
    .map((group) => group.toString(16))
    .join(':');
}

/** Some proxies add the port of the connection, which is another one each time. */
export function withoutPort(address: string): string {
  const [, inBrackets, dotted] = /^\[([^\]]*)\](?::\d+)?$|^([\d.]+):\d+$/.exec(address) ?? [];
  return inBrackets ?? dotted ?? address;
}

/** The eight numbers of an IPv6 address. */
function groupsOf(address: string): number[] {
  const [head = '', tail] = address.split('::');
  const left = numbersOf(head);
  const right = numbersOf(tail ?? '');
  const zeros = Array<number>(Math.max(0, 8 - left.length - right.length)).fill(0);
  return tail === undefined ? left : [...left, ...zeros, ...right];
}

const numbersOf = (part: string): number[] =>
  part === ''
    ? []
    : part.split(':').flatMap((group) => (group.includes('.') ? dotted(group) : [parseInt(group, 16)]));

/** The last 32 bits, written as IPv4. */
function dotted(group: string): number[] {
  const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
  return [a * 256 + b, c * 256 + d];
}
