/** Real: the service over HTTP, the database. Fake: the proxy that names the address, the clock. */
import { ATTEMPTS_PER_MINUTE } from '../../src/services/access/kiosk-pairing-service';
import { as, createOffice, startClosed } from '../support/access';
import { faultOf, post, type RawAnswer } from '../support/hostile';
import { pairingCode, REDEEM } from '../support/kiosks';

const json = { 'content-type': 'application/json' };
const LIST = JSON.stringify({ query: '{ offices { id } }' });

describe('what is counted by address', () => {
  it('is one count for an address in every way of writing it', async () => {
    const env = { RATE_LIMIT_PER_ADDRESS: '3', TRUST_PROXY: '1' };
    const { service, admin } = await startClosed({ env });
    try {
      const from = async (address: string): Promise<number> =>
        (await post(service.url, LIST, { ...json, ...as(admin.credential), 'x-forwarded-for': address }))
          .status;
      const each = async (addresses: readonly string[]): Promise<number[]> => {
        const statuses: number[] = [];
        for (const address of addresses) statuses.push(await from(address));
        return statuses;
      };
      const ways = ['203.0.113.7', '::ffff:203.0.113.7', '::FFFF:cb00:7107', '0:0:0:0:0:ffff:203.0.113.7'];
      expect(await each(ways)).toEqual([200, 200, 200, 429]);
      const network = ['2001:db8:1:2::1', '2001:0DB8:0001:0002:ffff::', '2001:db8:1:2::3', '2001:db8:1:2::4'];
      expect(await each(network)).toEqual([200, 200, 200, 429]);
      expect(await from('2001:db8:2::1')).toBe(200);
    } finally {
      await service.stop();
    }
  });

  it('is bounded for all networks of an organisation together', async () => {
    const { service, admin } = await startClosed({ env: { RATE_LIMIT_PER_ADDRESS: '3', TRUST_PROXY: '1' } });
    try {
      const statuses: number[] = [];
      for (let n = 0; n < 14; n++) {
        const headers = { ...json, ...as(admin.credential), 'x-forwarded-for': `2001:db8:1:${n}::1` };
        statuses.push((await post(service.url, LIST, headers)).status);
      }
      expect(statuses.filter((status) => status === 200)).toHaveLength(12);
      expect(statuses.slice(-2)).toEqual([429, 429]);
    } finally {
      await service.stop();
    }
  });

  it('is more for a refused request without a key', async () => {
    const { service, admin } = await startClosed({ env: { RATE_LIMIT_PER_ADDRESS: '25', TRUST_PROXY: '1' } });
    try {
      const from = { 'x-forwarded-for': '203.0.113.7' };
      const anonymous = (): Promise<RawAnswer> => post(service.url, LIST, { ...json, ...from });
      expect((await anonymous()).status).toBe(401);
      expect((await anonymous()).status).toBe(401);
      expect((await anonymous()).status).toBe(401);
      expect((await anonymous()).status).toBe(429);
      const others = { ...json, ...as(admin.credential), 'x-forwarded-for': '203.0.113.8' };
      expect((await post(service.url, LIST, others)).status).toBe(200);
    } finally {
      await service.stop();
    }
  });
});

it("an outsider's wrong codes leave others their attempts to pair", async () => {
  const { service, admin } = await startClosed({ env: { TRUST_PROXY: '1', RATE_LIMIT_PER_ADDRESS: '0' } });
  try {
    const office = await createOffice(admin, { name: 'Lima' });
    const redeem = async (address: string, code: string): Promise<string> => {
      const body = JSON.stringify({ query: REDEEM, variables: { code } });
      const answer = await post(service.url, body, { ...json, 'x-forwarded-for': address });
      return answer.text.includes('"errors"') ? String(faultOf(answer).extensions.code) : 'none';
    };
    const outsider = '203.0.113.7';
    for (let n = 0; n < ATTEMPTS_PER_MINUTE; n += 50) {
      await Promise.all(Array.from({ length: 50 }, () => redeem(outsider, '2222-2222')));
    }
    expect(await redeem(outsider, '2222-2222')).toBe('TOO_MANY_REQUESTS');
    expect(await redeem('::ffff:203.0.113.7', '2222-2222')).toBe('TOO_MANY_REQUESTS');
    expect(await redeem('203.0.113.8', await pairingCode(admin, office))).toBe('none');
  } finally {
    await service.stop();
  }
});
