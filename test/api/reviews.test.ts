/** Real: the service over HTTP, the database, real photos. Fake: the clock. */
import { createKey, createOffice, Speaker, startClosed } from '../support/access';
import type { Clock } from '../support/clock';
import { pair } from '../support/kiosks';
import { CHECK, collins, hopperAgain, punchCount, register } from '../support/operations';
import type { TestService } from '../support/service';

const HOUR = 3_600_000;
const REVIEW_CHECK = CHECK.replace(
  '... on FaceMismatch',
  '... on ReviewQueued { reviewItemId reviewReason } ... on FaceMismatch',
);
const ITEMS = `query ($filter: ReviewItemFilter) {
  reviewItems(filter: $filter) {
    totalCount
    nodes { id status reason claimedEmployeeId employee { employeeId } type capturedAt localImageUrl
      attendances { id } decidedBy }
  }
}`;
const ACCEPT = `mutation ($input: AcceptReviewItemInput!) {
  acceptReviewItem(input: $input) { id status attendances { id } }
}`;
const DISMISS = `mutation ($input: DismissReviewItemInput!) { dismissReviewItem(input: $input) { id status } }`;
const PUNCH =
  '{ attendances(first: 1) { nodes { id recordedAt flags offline localImageUrl manual { reason } } } }';

interface Answer {
  readonly status: string;
  readonly reviewItemId?: string;
  readonly reviewReason?: string;
  readonly attendance?: { readonly id: string; readonly recordedAt: string };
}
interface Item {
  readonly id: string;
  readonly localImageUrl: string | null;
}

describe('saved checks that are refused', () => {
  let service: TestService;
  let admin: Speaker;
  let clock: Clock;
  let kiosk: Speaker;
  let plain: Speaker;
  let requests = 0;

  beforeAll(async () => {
    ({ service, admin, clock } = await startClosed({ env: { PUNCH_MIN_INTERVAL_SECONDS: '0' } }));
    const office = await createOffice(admin, { name: 'Lima' });
    kiosk = new Speaker(service, await pair(admin, service, office));
    plain = new Speaker(service, (await createKey(admin, { role: 'HR' })).secret);
    await register(admin, { officeId: office });
  });
  beforeEach(() => clock.advance(48 * HOUR));
  afterAll(() => service.stop());

  const ago = (ms: number): string => new Date(clock.now().getTime() - ms).toISOString();
  const send = async (input: object, by: Speaker = kiosk): Promise<Answer> => {
    const { checkAttendance } = await by.ask<{ checkAttendance: Answer }>(REVIEW_CHECK, {
      input: { ...hopperAgain, requestId: `q-${++requests}`, ...input },
    });
    return checkAttendance;
  };
  const items = async (filter: object = {}) =>
    (await admin.ask<{ reviewItems: { totalCount: number; nodes: Item[] } }>(ITEMS, { filter })).reviewItems;

  it.each([
    ['of a wrong person', { ...collins, employeeId: 'EMP-1' }, 'FACE_MISMATCH'],
    ['of somebody unknown', { employeeId: 'NOBODY' }, 'EMPLOYEE_NOT_FOUND'],
    ['without a usable photo', { imageBase64: 'AAAA' }, 'BAD_USER_INPUT'],
    ['of another office', { officeId: '00000000-0000-4000-8000-000000000000' }, 'FORBIDDEN'],
    ['with an unknown challenge', { challenge: 'nope' }, 'CHALLENGE_REFUSED'],
  ])('become items with photo and claim: one %s', async (_, input, reason) => {
    const before = await punchCount(admin);
    const saved = { requestId: `r-${reason}`, capturedAt: ago(HOUR), ...input };
    const answer = await send(saved);
    expect(answer).toMatchObject({ status: 'REVIEW', reviewReason: reason });
    expect(await send(saved)).toEqual(answer);
    const [item] = (await items()).nodes;
    expect(item).toMatchObject({ id: answer.reviewItemId, status: 'PENDING', reason });
    if (reason === 'BAD_USER_INPUT') expect(item?.localImageUrl).toBeNull();
    else expect((await fetch(item?.localImageUrl ?? '')).status).toBe(200);
    expect(await punchCount(admin)).toBe(before);
  });

  it('online make none', async () => {
    const { totalCount } = await items();
    expect((await send({ ...collins, employeeId: 'EMP-1' })).status).toBe('FACE_MISMATCH');
    expect((await items()).totalCount).toBe(totalCount);
  });

  it.each([
    ['is too old', { ms: 12 * HOUR + 1 }, 'TOO_OLD'],
    ['is in the future', { ms: -60_001 }, 'AHEAD'],
    ['is of a clock of unknown offset', { ms: 60_000, device: 0, offset: null }, 'TIME_UNEXPLAINED'],
    ['is of a clock that stands otherwise', { ms: 60_000, device: 3 * HOUR, offset: 0 }, 'TIME_UNEXPLAINED'],
  ])('are those whose time %s', async (_, { ms, ...more }, reason) => {
    const clockSays =
      'device' in more ? { deviceTime: ago(more.device ?? 0), clockOffsetMs: more.offset ?? null } : {};
    const answer = await send({ capturedAt: ago(ms), ...clockSays });
    expect(answer).toMatchObject({ status: 'REVIEW', reviewReason: reason });
    expect((await items({ employeeId: 'emp-1' })).nodes[0]).toMatchObject({ id: answer.reviewItemId });
  });

  it.each([
    ['ahead', 5 * 60_000],
    ['hours behind', -3 * HOUR],
  ])('are not those of a clock that is %s by a known offset', async (_, ahead) => {
    const answer = await send({
      capturedAt: ago(HOUR - ahead),
      deviceTime: ago(-ahead),
      clockOffsetMs: -ahead,
    });
    expect(answer).toMatchObject({ status: 'RECORDED', attendance: { recordedAt: ago(HOUR) } });
    const { attendances } = await admin.ask<{ attendances: { nodes: unknown[] } }>(PUNCH);
    expect(attendances.nodes).toMatchObject([{ flags: ['TIME_CORRECTED'], recordedAt: ago(HOUR) }]);
  });

  it('are taken for ten minutes from every key', async () => {
    expect(await send({ capturedAt: ago(600_000) }, plain)).toMatchObject({ status: 'RECORDED' });
    expect(await send({ capturedAt: ago(600_001) }, plain)).toMatchObject({
      status: 'REVIEW',
      reviewReason: 'OFFLINE_NOT_ALLOWED',
    });
  });

  it('count once accepted, with their photo, and are decided once', async () => {
    const saved = { requestId: 'accepted', capturedAt: ago(13 * HOUR) };
    const { reviewItemId: id } = await send(saved);
    const recordedAt = ago(13 * HOUR);
    const input = { id, employeeId: 'EMP-1', type: 'LOGIN', recordedAt, reason: 'Seen there' };
    expect(await admin.ask(ACCEPT, { input })).toMatchObject({
      acceptReviewItem: { id, status: 'ACCEPTED', attendances: [{ id }] },
    });
    const { attendances } = await admin.ask<{ attendances: { nodes: { localImageUrl: string }[] } }>(PUNCH);
    expect(attendances.nodes).toMatchObject([
      { id, recordedAt, flags: ['REVIEWED'], offline: true, manual: { reason: 'Seen there' } },
    ]);
    expect((await fetch(attendances.nodes[0]?.localImageUrl ?? '')).status).toBe(200);
    expect(await send(saved)).toMatchObject({ status: 'ALREADY_RECORDED', attendance: { id } });
    for (const [query, order] of [
      [ACCEPT, input],
      [DISMISS, { id, reason: 'x' }],
    ] as const) {
      expect((await admin.fault(query, { input: order })).extensions).toMatchObject({ code: 'CONFLICT' });
    }
  });

  it('are none if the first attempt was recorded and only its answer was lost', async () => {
    const first = await send({ requestId: 'lost' });
    expect(first.status).toBe('RECORDED');
    const before = await items();
    // The challenge is too old by now, so nobody looks at the face.
    for (const input of [{}, { employeeId: 'emp-1' }, { employeeId: 'NOBODY' }]) {
      const again = { requestId: 'lost', capturedAt: ago(5000), challenge: 'nope', ...input };
      expect(await send(again)).toMatchObject({
        status: 'ALREADY_RECORDED',
        attendance: { id: first.attendance?.id },
      });
    }
    expect((await items()).totalCount).toBe(before.totalCount);
    await register(admin, { ...collins, name: 'Eileen', employeeId: 'EMP-7' });
    const other = { requestId: 'lost', capturedAt: ago(5000), challenge: 'nope', employeeId: 'EMP-7' };
    expect(await send(other)).toHaveProperty('status', 'REVIEW');
  });

  it('are kept 200 times a day and key, and deleted 30 days after the decision', async () => {
    const { reviewItemId: id } = await send({ capturedAt: ago(13 * HOUR) });
    expect(await admin.ask(DISMISS, { input: { id, reason: 'x' } })).toMatchObject({
      dismissReviewItem: { status: 'DISMISSED' },
    });
    await service.sql(
      `INSERT INTO review_items (id, reason, caller, request_id, received_at)
       SELECT gen_random_uuid(), 'X', caller, 'n-' || n, received_at FROM review_items, generate_series(1, 199) n
       WHERE id = $1`,
      [id],
    );
    const input = { ...hopperAgain, requestId: 'too-many', capturedAt: ago(13 * HOUR) };
    expect((await kiosk.fault(REVIEW_CHECK, { input })).extensions).toMatchObject({
      code: 'TOO_MANY_REQUESTS',
      retryAfterSeconds: 86_400,
    });
    clock.advance(31 * 24 * HOUR);
    await service.app.sweep();
    const left = await service.sql('SELECT id FROM review_items WHERE id = $1', [id]);
    expect(left).toEqual([]);
  });
});
