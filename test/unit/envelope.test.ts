/** Real: node:crypto. Fake: nothing. */
import { createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import {
  contentTagOf,
  ENVELOPE_BYTES,
  EnvelopeBroken,
  HEADER_BYTES,
  isEnvelope,
  keyIdOf,
  open,
  rewrap,
  seal,
} from '../../src/services/encryption/envelope';
import { KeyRing, UnknownKey } from '../../src/services/encryption/key-ring';
import { photo } from '../support/photos';

const [first, second] = [randomBytes(32), randomBytes(32)];
const before = new KeyRing({ key: first, previous: [] });
const both = new KeyRing({ key: second, previous: [first] });
const after = new KeyRing({ key: second, previous: [] });
const owner = Buffer.from("somebody's");
const content = randomBytes(512);

describe('an envelope', () => {
  it('gives back what was put into it, of any length, to its owner', () => {
    for (const length of [0, 1, 15, 16, 17, 512, 1_000_000]) {
      const bytes = randomBytes(length);
      const sealed = seal(before, owner, bytes);
      expect(sealed).toHaveLength(length + ENVELOPE_BYTES);
      expect(open(before, owner, sealed).equals(bytes)).toBe(true);
    }
  });

  it('is what is documented: anybody with the key and AES-256-GCM can open it', () => {
    const sealed = seal(before, owner, content);
    const wrapping = Buffer.from(hkdfSync('sha256', first, '', 'rollcall key wrapping 1', 32));
    const decrypt = (key: Buffer, nonce: Buffer, bytes: Buffer, tag: Buffer): Buffer => {
      const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(owner).setAuthTag(tag);
      return Buffer.concat([decipher.update(bytes), decipher.final()]);
    };
    expect(sealed.toString('latin1', 0, 4)).toBe('RCE1');
    expect(sealed.subarray(4, 12)).toEqual(
      Buffer.from(hkdfSync('sha256', first, '', 'rollcall key id 1', 8)),
    );
    const dataKey = decrypt(
      wrapping,
      sealed.subarray(12, 24),
      sealed.subarray(24, 56),
      sealed.subarray(56, 72),
    );
    expect(decrypt(dataKey, sealed.subarray(72, 84), sealed.subarray(84, -16), sealed.subarray(-16))).toEqual(
      content,
    );
  });

  it('is never the same twice, and shows nothing of its content', () => {
    const [one, other] = [seal(before, owner, content), seal(before, owner, content)];
    for (const [from, to] of [
      [12, 24],
      [24, 56],
      [56, 72],
      [72, 84],
      [84, -16],
    ] as const) {
      expect(one.subarray(from, to)).not.toEqual(other.subarray(from, to));
    }
    for (let at = 0; at < content.length; at += 8)
      expect(one.includes(content.subarray(at, at + 8))).toBe(false);
    expect(contentTagOf(one)).not.toEqual(contentTagOf(other));
  });

  it('opens for nobody else, and not once a single bit of it is another', () => {
    const sealed = seal(before, owner, Buffer.from('a face'));
    expect(() => open(before, Buffer.from("somebody else's"), sealed)).toThrow(EnvelopeBroken);
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const altered = Buffer.from(sealed);
      altered.writeUInt8(altered.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      const inKeyId = bit >= 32 && bit < 96;
      expect(() => open(before, owner, altered)).toThrow(inKeyId ? UnknownKey : EnvelopeBroken);
    }
  });

  it('opens not when it is cut off, longer, or put together of two', () => {
    const [one, other] = [seal(before, owner, content), seal(before, owner, content)];
    const broken = [
      ...Array.from({ length: ENVELOPE_BYTES + 1 }, (_, length) => one.subarray(0, length)),
      one.subarray(0, -1),
      Buffer.concat([one, Buffer.alloc(1)]),
      Buffer.concat([one.subarray(0, HEADER_BYTES), other.subarray(HEADER_BYTES)]),
    ];
    for (const bytes of broken) expect(() => open(before, owner, bytes)).toThrow(EnvelopeBroken);
  });

  it('differs from a photo and from a vector', () => {
    expect(isEnvelope(seal(before, owner, content))).toBe(true);
    for (const name of ['grace-hopper.jpg', 'photo.png', 'photo.webp'])
      expect(isEnvelope(photo(name))).toBe(false);
    expect(isEnvelope(Buffer.from('RCE1'))).toBe(false);
  });
});

describe('a change of keys', () => {
  it('rewrites the header and leaves the rest', () => {
    const sealed = seal(before, owner, content);
    const fresh = rewrap(both, owner, sealed);
    expect(fresh.subarray(HEADER_BYTES)).toEqual(sealed.subarray(HEADER_BYTES));
    expect([keyIdOf(sealed), keyIdOf(fresh)]).toEqual([before.current.id, after.current.id]);
    for (const keys of [both, after]) expect(open(keys, owner, fresh)).toEqual(content);
    expect(() => open(before, owner, fresh)).toThrow(UnknownKey);
    expect(() => rewrap(both, Buffer.from("somebody else's"), sealed)).toThrow(EnvelopeBroken);
  });

  it('names the key that is missing, and never shows one', () => {
    const sealed = seal(before, owner, content);
    expect(() => open(after, owner, sealed)).toThrow(
      `Encrypted with key ${before.current.id}, which is neither ENCRYPTION_KEY nor in`,
    );
    const shown = JSON.stringify([before, before.ids, before.current]);
    for (const form of ['hex', 'base64'] as const)
      expect(shown).not.toContain(first.toString(form).slice(0, 12));
  });
});
