/**
 * Real: the service over HTTP, the database, its schema. Fake: nothing.
 *
 * Every operation × every role, and every field × a kiosk. What is not listed here or in the permissions fails.
 */
import {
  buildClientSchema,
  getIntrospectionQuery,
  getNamedType,
  isInterfaceType,
  isObjectType,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type IntrospectionQuery,
} from 'graphql';
import { Role } from '../../src/entities/role';
import {
  KIOSK_FIELDS,
  OPERATIONS,
  PHOTO_FIELDS,
  PUBLIC_OPERATIONS,
} from '../../src/resolvers/access-policy/permissions';
import { ADMIN_KEY, createKey, createOffice, Speaker, startClosed } from '../support/access';
import { minimalOperations, type MinimalOperation } from '../support/minimal-operations';
import { post } from '../support/hostile';
import type { TestService } from '../support/service';

const { ADMIN, HR, KIOSK, VIEWER } = Role;
const ALL = [ADMIN, HR, KIOSK, VIEWER];

/** Written by hand, apart from the code that decides it: who may what. */
const EXPECTED: Readonly<Record<string, readonly Role[]>> = {
  'Mutation.acceptReviewItem': [ADMIN, HR],
  'Mutation.correctAttendance': [ADMIN, HR],
  'Mutation.dismissReviewItem': [ADMIN, HR],
  'Mutation.restoreAttendance': [ADMIN, HR],
  'Query.reviewItems': [ADMIN, HR],
  'Mutation.addFaceTemplate': [ADMIN, HR],
  'Mutation.checkAttendance': [ADMIN, HR, KIOSK],
  'Mutation.createApiKey': [ADMIN],
  'Mutation.createChallenge': [ADMIN, HR, KIOSK],
  'Mutation.createKioskPairing': [ADMIN],
  'Mutation.createOffice': [ADMIN, HR],
  'Mutation.deactivateEmployee': [ADMIN, HR],
  'Mutation.deleteOffice': [ADMIN, HR],
  'Mutation.eraseEmployee': [ADMIN, HR],
  'Mutation.exportEmployeeData': [ADMIN, HR],
  'Mutation.liftLockout': [ADMIN, HR],
  'Mutation.reactivateEmployee': [ADMIN, HR],
  'Mutation.recordConsent': [ADMIN, HR],
  'Mutation.recordManualAttendance': [ADMIN, HR],
  'Mutation.redeemKioskPairing': ALL,
  'Mutation.registerEmployee': [ADMIN, HR],
  'Mutation.removeFaceTemplate': [ADMIN, HR],
  'Mutation.replaceFace': [ADMIN, HR],
  'Mutation.retryFailedUploads': [ADMIN],
  'Mutation.revokeApiKey': [ADMIN],
  'Mutation.rotateApiKey': [ADMIN],
  'Mutation.rotateEncryption': [ADMIN],
  'Mutation.addHoliday': [ADMIN, HR],
  'Mutation.addWorkRulesVersion': [ADMIN, HR],
  'Mutation.archiveSchedule': [ADMIN, HR],
  'Mutation.archiveShift': [ADMIN, HR],
  'Mutation.assignSchedule': [ADMIN, HR],
  'Mutation.cancelAbsence': [ADMIN, HR],
  'Mutation.createReportLink': [ADMIN, HR],
  'Mutation.createSchedule': [ADMIN, HR],
  'Mutation.createShift': [ADMIN, HR],
  'Mutation.createWorkRules': [ADMIN, HR],
  'Mutation.decideCorrection': [ADMIN, HR],
  'Mutation.decideOvertime': [ADMIN, HR],
  'Mutation.endAssignment': [ADMIN, HR],
  'Mutation.importAbsences': [ADMIN, HR],
  'Mutation.importHolidays': [ADMIN, HR],
  'Mutation.recordAbsence': [ADMIN, HR],
  'Mutation.removeHoliday': [ADMIN, HR],
  'Mutation.requestCorrection': [ADMIN, HR],
  'Mutation.setDayPlans': [ADMIN, HR],
  'Mutation.updateSchedule': [ADMIN, HR],
  'Mutation.updateShift': [ADMIN, HR],
  'Mutation.withdrawCorrection': [ADMIN, HR],
  'Query.absences': [ADMIN, HR, VIEWER],
  'Query.dayPlans': [ADMIN, HR, VIEWER],
  'Query.holidays': [ADMIN, HR, VIEWER],
  'Query.scheduleAssignments': [ADMIN, HR, VIEWER],
  'Query.schedules': [ADMIN, HR, VIEWER],
  'Query.shifts': [ADMIN, HR, VIEWER],
  'Query.timesheet': [ADMIN, HR, VIEWER],
  'Query.timesheets': [ADMIN, HR, VIEWER],
  'Query.workDay': [ADMIN, HR, VIEWER],
  'Query.workDays': [ADMIN, HR, VIEWER],
  'Query.workRules': [ADMIN, HR, VIEWER],
  'Query.workTotals': [ADMIN, HR, VIEWER],
  'Query.corrections': [ADMIN, HR],
  // A kiosk with KIOSK_MUSTER=true, and of its own office only.
  'Query.muster': ALL,
  'Mutation.updateEmployee': [ADMIN, HR],
  'Mutation.updateOffice': [ADMIN, HR],
  'Mutation.withdrawConsent': [ADMIN, HR],
  'Query.apiKeys': [ADMIN],
  'Query.attendances': [ADMIN, HR, VIEWER],
  'Query.auditLog': [ADMIN],
  'Query.employee': [ADMIN, HR, VIEWER],
  'Query.employees': [ADMIN, HR, VIEWER],
  'Query.encryptionStatus': [ADMIN],
  'Query.faceReindexStatus': [ADMIN, HR],
  'Query.erasure': [ADMIN, HR],
  'Query.erasures': [ADMIN, HR],
  'Query.kioskSettings': ALL,
  'Query.lockouts': [ADMIN, HR],
  'Query.matchingReport': [ADMIN, HR],
  'Query.offices': [ADMIN, HR, KIOSK, VIEWER],
  'Query.storageStatus': [ADMIN, HR, VIEWER],
  'Subscription.attendanceRecorded': ALL,
};
/** What somebody without a key may do. */
const OPEN = ['Mutation.redeemKioskPairing'];

let service: TestService;
/** The kiosk's office. */
let own: string;
let schema: GraphQLSchema;
let operations: readonly MinimalOperation[];
const secrets = new Map<Role, string>();

beforeAll(async () => {
  const closed = await startClosed({ env: { KIOSK_MUSTER: 'true' } });
  ({ service } = closed);
  own = await createOffice(closed.admin, { name: 'Lima' });
  for (const role of ALL) {
    const input = { role, ...(role === KIOSK ? { officeId: own } : {}) };
    secrets.set(role, (await createKey(closed.admin, input)).secret);
  }
  schema = buildClientSchema(
    (await closed.admin.ask(getIntrospectionQuery())) as unknown as IntrospectionQuery,
  );
  operations = minimalOperations(schema);
});
afterAll(() => service.stop());

const codeOf = async (credential: string | undefined, document: string): Promise<string> => {
  const { text } = await post(service.url, JSON.stringify({ query: document }), {
    'content-type': 'application/json',
    ...(credential === undefined ? {} : { authorization: `Bearer ${credential}` }),
  });
  const { errors } = JSON.parse(text) as { errors?: { extensions: { code: string } }[] };
  return errors?.[0]?.extensions.code ?? 'none';
};

/** Of a subscription: what it is refused with, or none once it is open. */
async function streamCodeOf(credential: string, query: string): Promise<string> {
  const stop = new AbortController();
  const answer = await fetch(`${service.url}/graphql/stream`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: `Bearer ${credential}`,
    },
    body: JSON.stringify({ query }),
    signal: stop.signal,
  });
  if (answer.ok) {
    stop.abort();
    return 'none';
  }
  const { errors } = (await answer.json()) as { errors: { extensions: { code: string } }[] };
  return errors[0]?.extensions.code ?? 'none';
}

it('every operation of the schema is on both lists, and nothing else is', () => {
  const names = operations.map(({ coordinate }) => coordinate).sort();
  expect(names).toEqual(Object.keys(EXPECTED).sort());
  expect(names).toEqual(Object.keys(OPERATIONS).sort());
  expect(PUBLIC_OPERATIONS).toEqual(OPEN);
});

it.each(ALL)('%s may call what is permitted to it, and nothing else', async (role) => {
  for (const { coordinate, document } of operations) {
    const code = await codeOf(secrets.get(role), document);
    const isOfOtherOffice = role === KIOSK && coordinate === 'Query.muster';
    const permitted = EXPECTED[coordinate]?.includes(role) === true && !isOfOtherOffice;
    // The arguments are the least that the schema takes, so what is permitted may say what is wrong with them.
    const wanted = permitted ? /^(none|NOT_FOUND|BAD_USER_INPUT)$/ : /^FORBIDDEN$/;
    expect([coordinate, code]).toEqual([coordinate, expect.stringMatching(wanted) as unknown]);
  }
});

it('the key of the environment may call everything, and nobody anything but to become a kiosk', async () => {
  for (const { coordinate, document } of operations) {
    expect([coordinate, await codeOf(ADMIN_KEY, document)]).toEqual([
      coordinate,
      expect.stringMatching(/^(none|NOT_FOUND|BAD_USER_INPUT)$/) as unknown,
    ]);
    const wanted = OPEN.includes(coordinate) ? 'NOT_FOUND' : 'UNAUTHENTICATED';
    expect([coordinate, await codeOf(undefined, document)]).toEqual([coordinate, wanted]);
  }
});

it('a refusal names what was refused, with the status that HTTP has for it', async () => {
  const viewer = secrets.get(VIEWER) as string;
  const query = 'mutation { deleteOffice(id: "x") }';
  const answer = await post(service.url, JSON.stringify({ query }), {
    'content-type': 'application/json',
    authorization: `Bearer ${viewer}`,
  });
  expect(answer.status).toBe(403);
  expect(answer.text).toContain('Role VIEWER may not use Mutation.deleteOffice');
  const anonymous = await post(service.url, JSON.stringify({ query }));
  expect(anonymous.status).toBe(401);
});

it('an operation of which a part is forbidden does not begin', async () => {
  const hr = new Speaker(service, secrets.get(HR) as string);
  const count = async (): Promise<number> =>
    (await hr.ask<{ offices: unknown[] }>('{ offices { id } }')).offices.length;
  const before = await count();
  const both = `mutation { createOffice(input: { name: "Half" }) { id } ...Rest }
    fragment Rest on Mutation { retryFailedUploads }`;
  expect((await hr.fault(both)).extensions.code).toBe('FORBIDDEN');
  expect(await count()).toBe(before);
});

it('of several operations in a document the one that is asked for counts', async () => {
  const query = 'query Mine { offices { id } } mutation Theirs { retryFailedUploads }';
  const ask = (operationName: string) =>
    post(service.url, JSON.stringify({ query, operationName }), {
      'content-type': 'application/json',
      authorization: `Bearer ${secrets.get(KIOSK)}`,
    });
  expect((await ask('Mine')).status).toBe(200);
  expect((await ask('Theirs')).status).toBe(403);
});

describe('an operation on its own office and on another one', () => {
  /** What may name an office, or an employee of one, and what a kiosk hears when it is not its own. */
  const named: Readonly<Record<string, { document: (office: string) => string; elsewhere: string }>> = {
    'Mutation.checkAttendance': {
      document: (office) => `mutation { checkAttendance(input: { officeId: "${office}" }) { status } }`,
      elsewhere: 'FORBIDDEN',
    },
    'Mutation.createChallenge': {
      document: (office) => `mutation { createChallenge(input: { officeId: "${office}" }) { token } }`,
      elsewhere: 'FORBIDDEN',
    },
    'Query.muster': {
      document: (office) => `{ muster(officeId: "${office}") { at } }`,
      elsewhere: 'FORBIDDEN',
    },
    'Subscription.attendanceRecorded': {
      document: (office) => `subscription { attendanceRecorded(officeId: "${office}") { id } }`,
      elsewhere: 'FORBIDDEN',
    },
  };
  /** These name none: a kiosk is answered for its own. */
  const nameless = ['Mutation.redeemKioskPairing', 'Query.kioskSettings', 'Query.offices'];

  it('is allowed to a kiosk for its own only, whichever it may call, and to other roles for both', async () => {
    const forKiosks = Object.entries(EXPECTED).flatMap(([name, roles]) =>
      roles.includes(KIOSK) ? [name] : [],
    );
    expect([...Object.keys(named), ...nameless].sort()).toEqual(forKiosks.sort());
    const other = await createOffice(new Speaker(service, ADMIN_KEY), { name: 'Quito' });
    for (const [coordinate, { document, elsewhere }] of Object.entries(named)) {
      for (const role of ALL.filter((each) => EXPECTED[coordinate]?.includes(each) === true)) {
        for (const [place, office] of Object.entries({ own, other })) {
          const code = coordinate.startsWith('Subscription')
            ? await streamCodeOf(secrets.get(role) as string, document(office))
            : await codeOf(secrets.get(role), document(office));
          // The rest of a check is missing.
          const wanted = role === KIOSK && place === 'other' ? elsewhere : /^(none|BAD_USER_INPUT)$/;
          expect([coordinate, role, place, code]).toEqual([
            ...[coordinate, role, place],
            expect.stringMatching(wanted) as unknown,
          ]);
        }
      }
    }
    const seenBy = async (role: Role): Promise<string[]> => {
      const { offices } = await new Speaker(service, secrets.get(role) as string).ask<{
        offices: { id: string }[];
      }>('{ offices { id } }');
      return offices.map(({ id }) => id).filter((id) => id === own || id === other);
    };
    expect(await seenBy(KIOSK)).toEqual([own]);
    expect((await seenBy(VIEWER)).sort()).toEqual([own, other].sort());
  });
});

describe('a kiosk', () => {
  /** Fields of types that a kiosk does reach, and that are closed to it. */
  const closedFields = [
    ...[
      'correction',
      'flags',
      'imageUpload',
      'manual',
      'notBefore',
      'origin',
      'positionAccuracyMeters',
      'positionTakenAt',
      'voided',
      'workDate',
    ].map((field) => `Attendance.${field}`),
    'Employee.active',
    'Employee.consent',
    'Employee.createdAt',
    ...['Employee.employedFrom', 'Employee.employedUntil'],
    'Employee.faceTemplates',
    'Employee.imageUpload',
    'Employee.officeHistory',
  ];

  /** Every type that a kiosk's operations lead to, by fields that are open to it. */
  function reached(): (GraphQLObjectType | GraphQLInterfaceType)[] {
    const types = new Set<GraphQLObjectType | GraphQLInterfaceType>();
    const reach = (type: unknown): void => {
      if (isObjectType(type) || isInterfaceType(type)) types.add(type);
    };
    for (const [coordinate, roles] of Object.entries(EXPECTED)) {
      const [root = '', name = ''] = coordinate.split('.');
      const field = (schema.getType(root) as GraphQLObjectType).getFields()[name];
      if (roles.includes(KIOSK)) reach(getNamedType(field?.type));
    }
    // A set's iteration takes in what is added meanwhile.
    for (const type of types) {
      if (isInterfaceType(type)) schema.getPossibleTypes(type).forEach(reach);
      for (const name of listedOf(type)) reach(getNamedType(type.getFields()[name]?.type));
    }
    return [...types];
  }
  const listedOf = (type: GraphQLObjectType | GraphQLInterfaceType): string[] =>
    [type, ...type.getInterfaces()].flatMap(({ name }) => KIOSK_FIELDS[name] ?? []);

  it('reads what is listed of the types that it reaches: a new field has to be decided upon', () => {
    const types = reached();
    expect(types.length).toBeGreaterThan(10);
    const unlisted = types.flatMap((type) =>
      Object.keys(type.getFields())
        .filter((field) => !listedOf(type).includes(field))
        .map((field) => `${type.name}.${field}`),
    );
    expect(unlisted.sort()).toEqual(closedFields);
    expect(types.map(({ name }) => name).sort()).toEqual(Object.keys(KIOSK_FIELDS).sort());
  });

  it('has only fields on its lists that there are, and photos among them as null', () => {
    for (const [type, fields] of [...Object.entries(KIOSK_FIELDS), ...Object.entries(PHOTO_FIELDS)]) {
      const named = schema.getType(type);
      if (!isObjectType(named) && !isInterfaceType(named)) throw new Error(`There is no type ${type}`);
      expect(Object.keys(named.getFields())).toEqual(expect.arrayContaining([...fields]));
    }
    // Every field that is an address of a photo is hidden.
    const urls = Object.keys(KIOSK_FIELDS).flatMap((type) =>
      (KIOSK_FIELDS[type] ?? []).filter((field) => /url$/i.test(field)).map((field) => `${type}.${field}`),
    );
    const hidden = Object.entries(PHOTO_FIELDS).flatMap(([type, fields]) =>
      fields.map((field) => `${type}.${field}`),
    );
    expect(urls.sort()).toEqual(hidden.sort());
  });
});
