import { randomBytes } from 'node:crypto';
import { createOffice, type Speaker } from './access';
import { check, collins, hopper, hopperAgain, register } from './operations';
import type { TestService } from './service';

const consent = { version: '1', givenAt: '2026-01-01T00:00:00Z', recordedBy: 'HR' };
export const NEW_NAME = 'Nobody Byname';
const oldTime = (): string => new Date(Date.now() - 40 * 3_600_000 - Math.random() * 1e7).toISOString();
const CHECK_COLLINS = `mutation { checkAttendance(input: { employeeId: "EMP-1", imageBase64: "${collins.imageBase64}",
  faceDescriptor: ${JSON.stringify(collins.faceDescriptor)} }) { status } }`;

type Asker = Pick<Speaker, 'ask' | 'send'>;
type Answer = Record<string, string>;
type Sent = [name: string, input: object, selection?: string, type?: string];

/** Sends one mutation with its single argument `input`. @returns its answer */
export async function sendMutation(
  admin: Asker,
  name: string,
  input: object,
  selection = 'id',
  type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`,
): Promise<Answer> {
  const query = `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`;
  return (await admin.ask<Record<string, Answer>>(query, { input }))[name] ?? {};
}

/** Sends one mutation with its arguments in the text. @returns its answer */
export const callMutation = async (admin: Asker, text: string): Promise<Answer> =>
  Object.values(await admin.ask<Record<string, Answer>>(`mutation { ${text} }`))[0] ?? {};

/**
 * Every mutation of the schema but those of checks, with a call that changes something, in an order in which they work.
 * @param at read whenever a call is made; `admin` calls
 */
export function everyMutation(at: {
  readonly service: TestService;
  readonly admin: Asker;
}): Readonly<Record<string, () => Promise<unknown>>> {
  /** What earlier steps made. */
  const made: Record<string, string> = {};

  const send = (...[name, input, selection, type]: Sent) =>
    sendMutation(at.admin, name, input, selection, type);
  const call = (text: string) => callMutation(at.admin, text);

  async function reviewItem(requestId: string): Promise<string> {
    const capturedAt = new Date(Date.now() - 20 * 3_600_000).toISOString();
    await check(at.admin, { employeeId: 'EMP-1', requestId, capturedAt, ...hopperAgain });
    const { reviewItems } = await at.admin.ask<{ reviewItems: { nodes: { id: string }[] } }>(
      '{ reviewItems(filter: { status: PENDING }) { nodes { id } } }',
    );
    return reviewItems.nodes[0]?.id ?? '';
  }
  async function punch(): Promise<string> {
    const input = {
      employeeId: 'EMP-1',
      type: 'LOGIN',
      reason: 'camera',
      requestId: randomBytes(8).toString('hex'),
    };
    return (await send('recordManualAttendance', input))['id'] ?? '';
  }

  return {
    createOffice: async () => (made['office'] = await createOffice(at.admin, { name: 'Lima' })),
    updateOffice: () =>
      send('updateOffice', { id: made['office'], latitude: 1, longitude: 2, radiusMeters: 300 }),
    registerEmployee: () => register(at.admin),
    updateEmployee: () => send('updateEmployee', { employeeId: 'EMP-1', name: NEW_NAME }),
    addFaceTemplate: async () => {
      const face = { employeeId: 'EMP-1', ...hopperAgain };
      const added: unknown = await send('addFaceTemplate', face, 'template { id }', 'FaceTemplateInput');
      made['template'] = (added as { template: { id: string } }).template.id;
    },
    removeFaceTemplate: () => call(`removeFaceTemplate(templateId: "${made['template']}") { id }`),
    replaceFace: () =>
      send('replaceFace', { employeeId: 'EMP-1', ...hopper }, 'template { id }', 'FaceTemplateInput'),
    recordConsent: () => send('recordConsent', { employeeId: 'EMP-1', consent }),
    recordManualAttendance: async () => (made['punch'] = await punch()),
    correctAttendance: () =>
      send('correctAttendance', { reason: 'wrong', changes: [{ void: { attendanceId: made['punch'] } }] }),
    restoreAttendance: () => send('restoreAttendance', { attendanceId: made['punch'], reason: 'right' }),
    acceptReviewItem: async () =>
      send('acceptReviewItem', {
        ...{
          id: await reviewItem('r-1'),
          employeeId: 'EMP-1',
          type: 'LOGIN',
          recordedAt: oldTime(),
          reason: 'ok',
        },
      }),
    dismissReviewItem: async () => send('dismissReviewItem', { id: await reviewItem('r-2'), reason: 'no' }),
    createShift: async () => {
      const input = { name: 'Day', segments: [{ from: '09:00', to: '17:30' }] };
      made['shift'] = (await send('createShift', input))['id'] ?? '';
      made['spare'] = (await send('createShift', input))['id'] ?? '';
    },
    updateShift: () =>
      send('updateShift', { id: made['spare'], name: 'Late', segments: [{ from: '12:00', to: '20:00' }] }),
    archiveShift: () => call(`archiveShift(id: "${made['spare']}") { id }`),
    createSchedule: async () => {
      const input = { name: 'Week', anchor: '2024-01-01', days: [{ day: 1, shiftId: made['shift'] }] };
      made['schedule'] = (await send('createSchedule', input))['id'] ?? '';
      made['spare'] = (await send('createSchedule', input))['id'] ?? '';
    },
    updateSchedule: () =>
      send('updateSchedule', {
        ...{ id: made['spare'], name: 'Other', anchor: '2024-01-01' },
        days: [{ day: 2, shiftId: made['shift'] }],
      }),
    archiveSchedule: () => call(`archiveSchedule(id: "${made['spare']}") { id }`),
    createWorkRules: async () =>
      (made['rules'] = (await send('createWorkRules', { name: 'Ours' }))['id'] ?? ''),
    addWorkRulesVersion: () => send('addWorkRulesVersion', { rulesId: made['rules'], from: '2026-01-01' }),
    assignSchedule: async () => {
      const plan = { scheduleId: made['schedule'], rulesId: made['rules'], from: '2026-01-01' };
      made['assignment'] = (await send('assignSchedule', { employeeId: 'EMP-1', ...plan }))['id'] ?? '';
    },
    endAssignment: () => send('endAssignment', { id: made['assignment'], until: '2099-12-31' }),
    setDayPlans: () =>
      send('setDayPlans', { plans: [{ employeeId: 'EMP-1', date: '2026-03-02', reason: 'swap' }] }, 'date'),
    importHolidays: () =>
      send('importHolidays', { officeId: made['office'], country: 'PE', year: 2027 }, 'added { date }'),
    addHoliday: async () => {
      const input = { officeId: made['office'], date: '2026-05-04', name: 'Bridge' };
      made['holiday'] = (await send('addHoliday', input))['id'] ?? '';
    },
    removeHoliday: () => call(`removeHoliday(id: "${made['holiday']}")`),
    recordAbsence: async () => {
      const input = { employeeId: 'EMP-1', from: '2026-03-03', until: '2026-03-03', kind: 'SICK' };
      made['absence'] = (await send('recordAbsence', input))['id'] ?? '';
    },
    cancelAbsence: () => call(`cancelAbsence(id: "${made['absence']}")`),
    importAbsences: () => {
      const row = {
        externalId: '1',
        employeeId: 'EMP-1',
        from: '2026-03-03',
        until: '2026-03-03',
        kind: 'SICK',
      };
      return send('importAbsences', { source: 'hr', absences: [row] }, 'added');
    },
    requestCorrection: async () => {
      const changes = [{ add: { type: 'LOGIN', recordedAt: oldTime() } }];
      const input = { employeeId: 'EMP-1', reason: 'x', changes };
      made['correction'] = (await send('requestCorrection', input))['id'] ?? '';
      made['withdrawn'] = (await send('requestCorrection', input))['id'] ?? '';
    },
    decideCorrection: () => send('decideCorrection', { id: made['correction'], approve: false }),
    withdrawCorrection: () => call(`withdrawCorrection(id: "${made['withdrawn']}") { id }`),
    decideOvertime: async () => {
      const date = '2026-03-02';
      const { workDay } = await at.admin.ask<{ workDay: { fingerprint: string } }>(
        `{ workDay(employeeId: "EMP-1", date: "${date}") { fingerprint } }`,
      );
      return send('decideOvertime', { employeeId: 'EMP-1', date, approvedMinutes: 0, ...workDay }, 'date');
    },
    createReportLink: () =>
      send('createReportLink', { kind: 'EXCEPTIONS', from: '2026-03-01', until: '2026-03-31' }, 'url'),
    exportEmployeeData: () => call('exportEmployeeData(employeeId: "EMP-1") { url }'),
    liftLockout: async () => {
      for (let n = 0; n < 6; n++) await at.admin.send(CHECK_COLLINS);
      await at.service.app.settle();
      return call('liftLockout(employeeId: "EMP-1")');
    },
    deactivateEmployee: () => call('deactivateEmployee(employeeId: "EMP-1") { id }'),
    reactivateEmployee: () => call('reactivateEmployee(employeeId: "EMP-1") { id }'),
    withdrawConsent: () => call('withdrawConsent(employeeId: "EMP-1") { id }'),
    eraseEmployee: () => send('eraseEmployee', { employeeId: 'EMP-1', keepAttendance: true }),
    createApiKey: async () => {
      const answer = (await send('createApiKey', { name: 'k', role: 'HR' }, 'apiKey { id }')) as unknown;
      made['key'] = (answer as { apiKey: { id: string } }).apiKey.id;
    },
    rotateApiKey: () => call(`rotateApiKey(id: "${made['key']}") { secret }`),
    revokeApiKey: () => call(`revokeApiKey(id: "${made['key']}") { id }`),
    createKioskPairing: async () => {
      made['code'] = (await call(`createKioskPairing(officeId: "${made['office']}") { code }`))['code'] ?? '';
    },
    redeemKioskPairing: () => call(`redeemKioskPairing(code: "${made['code']}") { apiKey }`),
    rotateEncryption: () => call('rotateEncryption { keyId }'),
    retryFailedUploads: () => call('retryFailedUploads'),
    deleteOffice: async () => {
      const id = await createOffice(at.admin, { name: 'Quito' });
      return call(`deleteOffice(id: "${id}")`);
    },
  };
}
