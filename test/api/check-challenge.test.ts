/** Real: the service over HTTP, the database, face-api's models on derived photos. Fake: the clock where it says so. */
import { Clock } from '../support/clock';
import { check, CHECK, hopperAgain, punchCount, register } from '../support/operations';
import { base64Photo } from '../support/photos';
import { renderedActions, renderedPhoto } from '../support/rendered-photos';
import { TestService } from '../support/service';

const CREATE = `mutation ($input: CreateChallengeInput! = {}) {
  createChallenge(input: $input) { token expiresAt actions }
}`;
const OUTCOME = CHECK.replace(
  '__typename status',
  `__typename status
    ... on ChallengeRefused { refusal: reason }
    ... on LivenessFailed { fault: reason action }`,
);
const PROOFS = '{ attendances(first: 1) { nodes { proof { descriptorSource challenge liveness } } } }';

type Action = 'TURN_LEFT' | 'TURN_RIGHT' | 'LOOK_UP' | 'OPEN_MOUTH';
interface Challenge {
  readonly token: string;
  readonly expiresAt: string;
  readonly actions: readonly Action[];
}
interface Outcome {
  readonly status: string;
  readonly refusal?: string;
  readonly fault?: string;
  readonly action?: Action | null;
  readonly attendance?: { readonly id: string };
}

const challenge = async (service: TestService, input: object = {}): Promise<Challenge> =>
  (await service.ask<{ createChallenge: Challenge }>(CREATE, { input })).createChallenge;
const outcome = async (service: TestService, input: object): Promise<Outcome> =>
  (await service.ask<{ checkAttendance: Outcome }>(OUTCOME, { input: { ...hopperAgain, ...input } }))
    .checkAttendance;

describe('challenges of checks', () => {
  let service: TestService;
  const clock = new Clock();

  beforeAll(async () => {
    service = await TestService.start({
      now: clock.now,
      env: { REQUIRE_CHALLENGE: 'true', PUNCH_MIN_INTERVAL_SECONDS: '0' },
    });
    await register(service);
  });
  afterAll(() => service.stop());

  it('let one check through, once, and are shown with the punch', async () => {
    const { token, actions } = await challenge(service);
    expect(actions).toEqual([]);
    expect(await outcome(service, { challenge: token })).toMatchObject({ status: 'RECORDED' });
    expect(await service.ask(PROOFS)).toEqual({
      attendances: { nodes: [{ proof: { descriptorSource: 'CLIENT', challenge: true, liveness: false } }] },
    });
    const before = await punchCount(service);
    expect(await outcome(service, { challenge: token })).toMatchObject({
      status: 'CHALLENGE_REFUSED',
      refusal: 'USED',
    });
    expect(await punchCount(service)).toBe(before);
  });

  it('are refused with the reason', async () => {
    const refusalOf = async (input: object) => (await outcome(service, input)).refusal;
    expect(await refusalOf({})).toBe('MISSING');
    expect(await refusalOf({ challenge: 'x'.repeat(43) })).toBe('UNKNOWN');
    const forEmployee = await challenge(service, { employeeId: 'emp-1' });
    expect(await refusalOf({ challenge: forEmployee.token })).toBe('FOREIGN');
    expect(await refusalOf({ challenge: forEmployee.token, employeeId: 'EMP-1' })).toBeUndefined();
    const late = await challenge(service);
    clock.advance(120_000);
    expect(await refusalOf({ challenge: late.token })).toBe('EXPIRED');
  });

  it('are not used up by a check that could not be read', async () => {
    const { token } = await challenge(service);
    await service.fault(CHECK, { input: { challenge: token, ...hopperAgain, imageBase64: 'AAAA' } });
    expect(await outcome(service, { challenge: token })).toMatchObject({ status: 'RECORDED' });
  });

  it('give a retry with the same requestId its first answer, and nobody else', async () => {
    const { token } = await challenge(service);
    const request = { challenge: token, requestId: 'retry-1' };
    const first = await outcome(service, request);
    const again = await outcome(service, request);
    expect([first.status, again.status]).toEqual(['RECORDED', 'ALREADY_RECORDED']);
    expect(again.attendance?.id).toBe(first.attendance?.id);
    expect(await outcome(service, { challenge: token, requestId: 'other' })).toMatchObject({
      refusal: 'USED',
    });
  });

  it('survive a check that ended in a fault: the same request may be sent again', async () => {
    const { id } = (
      await service.ask<{ createOffice: { id: string } }>(
        'mutation { createOffice(input: { name: "Far", latitude: 1, longitude: 1, radiusMeters: 10 }) { id } }',
      )
    ).createOffice;
    await service.ask(
      'mutation ($id: ID!) { updateEmployee(input: { employeeId: "EMP-1", officeId: $id }) { id } }',
      {
        id,
      },
    );
    const { token } = await challenge(service);
    // The office has a geofence, and no position was sent.
    await service.fault(CHECK, { input: { challenge: token, ...hopperAgain } });
    expect(await outcome(service, { challenge: token, latitude: 1, longitude: 1 })).toMatchObject({
      status: 'RECORDED',
    });
    await service.ask('mutation { updateEmployee(input: { employeeId: "EMP-1", officeId: null }) { id } }');
  });

  it('of checks that race, exactly one gets through', async () => {
    const { token } = await challenge(service);
    const before = await punchCount(service);
    const all = await Promise.all(Array.from({ length: 10 }, () => outcome(service, { challenge: token })));
    expect(all.filter(({ status }) => status === 'RECORDED')).toHaveLength(1);
    expect(all.filter(({ refusal }) => refusal === 'USED')).toHaveLength(9);
    expect(await punchCount(service)).toBe(before + 1);
  });
});

describe('liveness', () => {
  const photoOf = (name: string): string => base64Photo(`${name}.jpg`);
  const WARP = { TURN_LEFT: 'left', TURN_RIGHT: 'right', LOOK_UP: 'up', OPEN_MOUTH: 'open' } as const;
  const warps = (actions: readonly Action[]): string[] =>
    actions.map((action) => photoOf(`grace-hopper-${WARP[action]}`));
  const front: { imageBase64: string; faceDescriptor: undefined } = {
    imageBase64: '',
    faceDescriptor: undefined,
  };

  let service: TestService;
  beforeAll(async () => {
    front.imageBase64 = (await renderedPhoto('grace-hopper', 'front')).toString('base64');
    service = await TestService.start({
      env: { REQUIRE_LIVENESS: 'true', PUNCH_MIN_INTERVAL_SECONDS: '0' },
    });
    await register(service, { faceDescriptor: undefined });
    await register(service, {
      name: 'Eileen Collins',
      employeeId: 'EMP-2',
      imageBase64: photoOf('eileen-collins'),
      faceDescriptor: undefined,
    });
  });
  afterAll(() => service.stop());

  /** A challenge, and what comes of a check with these photos for its actions. */
  async function show(
    make: (actions: readonly Action[]) => string[] | Promise<string[]>,
    input: object = front,
  ): Promise<Outcome> {
    const { token, actions } = await challenge(service, { liveness: true });
    return outcome(service, { challenge: token, livenessImagesBase64: await make(actions), ...input });
  }

  it('is proved by one photo (rendered in three dimensions) for each action, in the order that was asked for', async () => {
    for (let n = 0; n < 4; n++) {
      expect(await show((actions) => renderedActions(actions))).toMatchObject({
        status: 'RECORDED',
        attendance: { employee: { employeeId: 'EMP-1' } },
      });
    }
    expect(await service.ask(PROOFS)).toEqual({
      attendances: { nodes: [{ proof: { descriptorSource: 'SERVER', challenge: true, liveness: true } }] },
    });
  });

  it('is required: a challenge without actions is not enough', async () => {
    const { token } = await challenge(service);
    expect(await outcome(service, { challenge: token, ...front })).toMatchObject({
      status: 'CHALLENGE_REFUSED',
      refusal: 'WITHOUT_LIVENESS',
    });
  });

  it('is refused if the actions come in another order', async () => {
    const { token, actions } = await challenge(service, { liveness: true });
    const answer = await outcome(service, {
      challenge: token,
      livenessImagesBase64: await renderedActions([...actions].reverse()),
      ...front,
    });
    // Three actions reversed leave the one in the middle where it is; the first is wrong in any case.
    expect(answer).toMatchObject({
      status: 'LIVENESS_FAILED',
      fault: 'ACTION_NOT_SHOWN',
      action: actions[0],
    });
  });

  it('is refused if the same portrait is sent for every action, in whatever wrapping', async () => {
    for (const name of ['grace-hopper', 'grace-hopper-2', 'grace-hopper-3']) {
      const answer = await show((actions) => actions.map(() => photoOf(name)));
      expect(answer).toMatchObject({ status: 'LIVENESS_FAILED', fault: 'ACTION_NOT_SHOWN' });
    }
  });

  it.each(['grace-hopper', 'grace-hopper-2'])(
    'is refused where the photos are warps of one portrait, beside %s',
    async (name) => {
      for (let n = 0; n < 4; n++) {
        const answer = await show((actions) => warps(actions), { ...front, imageBase64: photoOf(name) });
        expect(answer).toMatchObject({ status: 'LIVENESS_FAILED', fault: 'NOT_SEPARATE' });
      }
    },
  );

  it('is refused if the warps are of another portrait than the photo from the front', async () => {
    for (let n = 0; n < 4; n++) {
      const answer = await show((actions) => warps(actions));
      expect(answer).toMatchObject({ status: 'LIVENESS_FAILED' });
    }
  });

  it("is refused if somebody else moves beside the victim's portrait", async () => {
    const answer = await show((actions) => renderedActions(actions, 'eileen-collins'));
    expect(answer).toMatchObject({ status: 'LIVENESS_FAILED', fault: 'ANOTHER_PERSON' });
    expect(await punchCount(service)).toBe(4);
  });

  it("is refused if somebody moves beside a victim's stolen descriptor", async () => {
    // The client's descriptor decides here, and the attacker is enrolled nowhere.
    const other = await TestService.start({
      env: { REQUIRE_LIVENESS: 'true', PUNCH_MIN_INTERVAL_SECONDS: '0' },
    });
    try {
      await register(other);
      for (const claim of [{}, { employeeId: 'EMP-1' }]) {
        const { token, actions } = await challenge(other, { liveness: true });
        const answer = await outcome(other, {
          challenge: token,
          imageBase64: (await renderedPhoto('eileen-collins', 'front')).toString('base64'),
          faceDescriptor: hopperAgain.faceDescriptor,
          livenessImagesBase64: await renderedActions(actions, 'eileen-collins'),
          ...claim,
        });
        expect(answer).toMatchObject({ status: 'LIVENESS_FAILED', fault: 'ANOTHER_PERSON', action: null });
      }
      expect(await punchCount(other)).toBe(0);
      // Her own frames and descriptor are taken.
      const { token, actions } = await challenge(other, { liveness: true });
      expect(
        await outcome(other, {
          challenge: token,
          imageBase64: front.imageBase64,
          faceDescriptor: hopperAgain.faceDescriptor,
          livenessImagesBase64: await renderedActions(actions),
        }),
      ).toMatchObject({ status: 'RECORDED' });
    } finally {
      await other.stop();
    }
  });

  it('tells what is wrong with a photo that shows no face', async () => {
    const WITH_REASON = OUTCOME.replace('fault: reason action', 'fault: reason action faceReason hint');
    const { token, actions } = await challenge(service, { liveness: true });
    const { checkAttendance } = await service.ask(WITH_REASON, {
      input: { challenge: token, ...front, livenessImagesBase64: actions.map(() => photoOf('dark')) },
    });
    // The dark photo shows her, but not the action; the one without a face is told as such.
    expect(checkAttendance).toMatchObject({ status: 'LIVENESS_FAILED', faceReason: 'TOO_DARK' });
  });

  it('is refused if a photo shows no face', async () => {
    const answer = await show((actions) => actions.map(() => photoOf('no-face')));
    expect(answer).toMatchObject({ status: 'LIVENESS_FAILED', fault: 'FACE_NOT_USABLE' });
  });

  it('wants one photo for each action, and none if there is no action', async () => {
    const { token } = await challenge(service, { liveness: true });
    const { message } = await service.fault(CHECK, { input: { challenge: token, ...front } });
    expect(message).toMatch(/livenessImages: must have one photo for each of the \d actions, not 0/);
  });

  it('asks for two or three different actions, in orders that vary', async () => {
    const orders = new Set<string>();
    for (let n = 0; n < 20; n++) {
      const { actions } = await challenge(service, { liveness: true });
      expect([2, 3]).toContain(actions.length);
      expect(new Set(actions).size).toBe(actions.length);
      orders.add(actions.join());
    }
    expect(orders.size).toBeGreaterThan(5);
  });
});

it('without a requirement a challenge is optional, and still good for one check only', async () => {
  const service = await TestService.start({ env: { PUNCH_MIN_INTERVAL_SECONDS: '0' } });
  try {
    await register(service);
    expect(await check(service)).toMatchObject({ status: 'RECORDED' });
    const { token } = await challenge(service);
    expect(await outcome(service, { challenge: token })).toMatchObject({ status: 'RECORDED' });
    expect(await outcome(service, { challenge: token })).toMatchObject({ refusal: 'USED' });
  } finally {
    await service.stop();
  }
});
