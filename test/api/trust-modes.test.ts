/** Real: the service over HTTP, the database, the service's model on real photos. Fake: nothing. */

import { type CheckAnswer, check, collins, hopper, hopperAgain, register } from '../support/operations';
import { base64Photo, descriptor, near, strangerDescriptor } from '../support/photos';
import { type AuditRow, auditOf } from '../support/privacy';
import { TestService } from '../support/service';
import { until } from '../support/until';

/** Photos by what the server's model makes of them, for an enrolled Grace Hopper. */
const PHOTOS = {
  matches: hopperAgain.imageBase64,
  doesNot: collins.imageBase64,
  unusable: base64Photo('no-face.jpg'),
};
/** Descriptors by their similarity to hers. */
const DESCRIPTORS = {
  same: descriptor('grace-hopper-2'),
  near: near(descriptor('grace-hopper'), 0.93, 7),
  other: strangerDescriptor(5),
  none: null,
};
type Kind = keyof typeof DESCRIPTORS;
const KINDS = Object.keys(DESCRIPTORS) as Kind[];

const detailsOf = ({ details }: AuditRow): Record<string, string | null> =>
  Object.fromEntries(details.map(({ name, value }) => [name, value]));

/** @param refused FACE_MISMATCH of a claimed employee, FACE_NOT_RECOGNIZED of a search */
const table = (refused: string): Record<keyof typeof PHOTOS, Record<Kind, string>> => ({
  matches: {
    same: 'RECORDED',
    near: 'RECORDED',
    other: 'DESCRIPTOR_MISMATCH',
    none: 'RECORDED',
  },
  doesNot: {
    same: 'DESCRIPTOR_MISMATCH',
    near: refused,
    other: refused,
    none: refused,
  },
  unusable: {
    same: 'FACE_NOT_USABLE',
    near: 'FACE_NOT_USABLE',
    other: 'FACE_NOT_USABLE',
    none: 'FACE_NOT_USABLE',
  },
});

const env = {
  PUNCH_MIN_INTERVAL_SECONDS: '0',
  LOCKOUT_EMPLOYEE_FAILURES: '0',
  LOCKOUT_KEY_FAILURES: '0',
};
const start = (more: Record<string, string>) => TestService.start({ env: { ...env, ...more } });

async function answers(
  service: TestService,
  claim: { employeeId?: string },
): Promise<Record<string, Record<string, CheckAnswer>>> {
  const all: Record<string, Record<string, CheckAnswer>> = {};
  for (const [photo, imageBase64] of Object.entries(PHOTOS)) {
    const row: Record<string, CheckAnswer> = (all[photo] = {});
    for (const kind of KINDS) {
      row[kind] = await check(service, { ...claim, imageBase64, faceDescriptor: DESCRIPTORS[kind] });
    }
  }
  return all;
}

const statuses = (all: Record<string, Record<string, CheckAnswer>>) =>
  Object.fromEntries(
    Object.entries(all).map(([photo, row]) => [
      photo,
      Object.fromEntries(Object.entries(row).map(([kind, { status }]) => [kind, status])),
    ]),
  );

describe('FACE_DESCRIPTOR_TRUST=verify', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await start({ FACE_DESCRIPTOR_TRUST: 'verify' });
    await register(service);
  });
  afterAll(() => service.stop());

  it('lets the photo decide, and no descriptor contradict it, for a claimed employee', async () => {
    const all = await answers(service, { employeeId: 'EMP-1' });
    expect(statuses(all)).toEqual(table('FACE_MISMATCH'));
    expect(all['matches']?.['same']).toMatchObject({ similarityOf: 'CLIENT_DESCRIPTOR' });
    expect(all['matches']?.['same']?.similarity).toBeGreaterThan(0.95);
    expect(all['matches']?.['none']).toMatchObject({ similarityOf: 'SERVER' });
    expect(all['doesNot']?.['near']).toMatchObject({ threshold: 0.95, similarityOf: 'CLIENT_DESCRIPTOR' });
    expect(all['doesNot']?.['none']).toMatchObject({ threshold: 0.43, similarityOf: 'SERVER' });
  });

  it('does the same in a search', async () => {
    expect(statuses(await answers(service, {}))).toEqual(table('FACE_NOT_RECOGNIZED'));
  });

  it('has both scores in the audit trail, also of a punch with a doubtful descriptor', async () => {
    await check(service, { imageBase64: PHOTOS.matches, faceDescriptor: DESCRIPTORS.near });
    const doubtful = await until(
      () => auditOf(service, { action: 'check.doubtful' }),
      (rows) => rows.length > 0,
    );
    expect(doubtful[0]).toMatchObject({ outcome: 'OK' });
    const details = detailsOf(doubtful[0] as AuditRow);
    expect(details).toMatchObject({ descriptorSimilarity: '0.93' });
    expect(Number(details['photoSimilarity'])).toBeGreaterThan(0.43);
    const refused = await auditOf(service, { action: 'check.refused' });
    const both = refused.find(({ outcome }) => outcome === 'DESCRIPTOR_MISMATCH');
    expect(Object.keys(detailsOf(both as AuditRow))).toEqual(
      expect.arrayContaining(['descriptorSimilarity', 'photoSimilarity']),
    );
  });

  it('compares no descriptor if the person has no client template', async () => {
    await register(service, {
      name: 'Eileen Collins',
      employeeId: 'EMP-2',
      imageBase64: collins.imageBase64,
      faceDescriptor: undefined,
    });
    const own = { employeeId: 'EMP-2', imageBase64: base64Photo('eileen-collins-2.jpg') };
    expect(await check(service, { ...own, faceDescriptor: DESCRIPTORS.other })).toMatchObject({
      status: 'RECORDED',
      similarityOf: 'SERVER',
    });
  });

  it('counts contradictions towards the lockout of the employee', async () => {
    const strict = await start({ FACE_DESCRIPTOR_TRUST: 'verify', LOCKOUT_EMPLOYEE_FAILURES: '2' });
    try {
      await register(strict);
      const stolen = { employeeId: 'EMP-1', imageBase64: PHOTOS.doesNot, faceDescriptor: DESCRIPTORS.same };
      await check(strict, stolen);
      await check(strict, stolen);
      const { errors } = await strict.send(
        'mutation ($input: CheckAttendanceInput!) { checkAttendance(input: $input) { status } }',
        { input: { ...hopperAgain, employeeId: 'EMP-1' } },
      );
      expect(errors?.[0]?.extensions['code']).toBe('TOO_MANY_REQUESTS');
    } finally {
      await strict.stop();
    }
  });
});

describe('FACE_DESCRIPTOR_TRUST=server', () => {
  it('ignores descriptors', async () => {
    const service = await start({ FACE_DESCRIPTOR_TRUST: 'server' });
    try {
      await register(service);
      const all = statuses(await answers(service, { employeeId: 'EMP-1' }));
      for (const kind of KINDS) {
        expect(all['matches']?.[kind]).toBe('RECORDED');
        expect(all['doesNot']?.[kind]).toBe('FACE_MISMATCH');
        expect(all['unusable']?.[kind]).toBe('FACE_NOT_USABLE');
      }
    } finally {
      await service.stop();
    }
  });
});

describe('FACE_DESCRIPTOR_TRUST=client', () => {
  it('lets a descriptor that is sent decide, and the photo otherwise', async () => {
    const service = await start({ FACE_DESCRIPTOR_TRUST: 'client' });
    try {
      await register(service);
      const all = statuses(await answers(service, { employeeId: 'EMP-1' }));
      for (const photo of Object.keys(PHOTOS)) {
        expect(all[photo]).toMatchObject({ same: 'RECORDED', near: 'FACE_MISMATCH', other: 'FACE_MISMATCH' });
      }
      expect([all['matches']?.['none'], all['doesNot']?.['none'], all['unusable']?.['none']]).toEqual([
        'RECORDED',
        'FACE_MISMATCH',
        'FACE_NOT_USABLE',
      ]);
    } finally {
      await service.stop();
    }
  });
});

describe('without FACE_DESCRIPTOR_TRUST', () => {
  const key = 'an-administrator-key-of-the-test';
  const auth = { authorization: `Bearer ${key}` };
  const CHECK =
    'mutation ($input: CheckAttendanceInput!) { checkAttendance(input: $input) { status similarityOf } }';
  const stolen = { employeeId: 'EMP-1', imageBase64: PHOTOS.doesNot, faceDescriptor: DESCRIPTORS.same };
  const REGISTER =
    'mutation ($input: RegisterEmployeeInput!) { registerEmployee(input: $input) { message } }';
  const person = { name: 'Grace Hopper', employeeId: 'EMP-1', ...hopper };

  it('an open service keeps client', async () => {
    const service = await start({});
    try {
      await register(service);
      expect(await check(service, stolen)).toMatchObject({ status: 'RECORDED' });
    } finally {
      await service.stop();
    }
  });

  it('one with a key verifies', async () => {
    const service = await start({ ADMIN_API_KEY: key });
    try {
      await service.send(REGISTER, { input: person }, auth);
      const { data } = await service.send(CHECK, { input: stolen }, auth);
      expect(data).toMatchObject({ checkAttendance: { status: 'DESCRIPTOR_MISMATCH' } });
    } finally {
      await service.stop();
    }
  });

  it('one with a key and templates of clients only keeps client', async () => {
    const service = await start({ FACE_WORKERS: '0' });
    try {
      await register(service);
      const upgraded = await TestService.start({
        env: { ...env, ADMIN_API_KEY: key },
        storage: service.storage,
      });
      try {
        const { data } = await upgraded.send(CHECK, { input: stolen }, auth);
        expect(data).toMatchObject({ checkAttendance: { status: 'RECORDED' } });
      } finally {
        await upgraded.stop();
      }
    } finally {
      await service.stop();
    }
  });
});
