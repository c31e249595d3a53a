/**
 * Real: the models in their thread, the fixtures (warped portraits, see their README), and heads rendered in three
 * dimensions (test/support/rendered-head.ts). No photos of somebody who moves: none may be shipped.
 */
import sharp from 'sharp';
import {
  type LivenessFrame,
  LivenessAction,
  SERVER_LIVENESS,
  areSeparate,
  framesDiffer,
  judgeFace,
  showsAction,
} from '@rollcall/face-rules';
import { photo } from '../support/photos';
import { Random } from '../support/random-noise';
import { ACTION_PHOTO, CHECK_PHOTO, Photos, similarity } from '../support/faces';
import { renderedPhoto, type RenderedPerson, type RenderedView } from '../support/rendered-photos';

const PEOPLE: readonly RenderedPerson[] = ['grace-hopper', 'eileen-collins'];
const SHOWN: Readonly<Record<string, LivenessAction | null>> = {
  left: LivenessAction.TURN_LEFT,
  right: LivenessAction.TURN_RIGHT,
  up: LivenessAction.LOOK_UP,
  open: LivenessAction.OPEN_MOUTH,
  2: null,
};
const ACTIONS = {
  left: LivenessAction.TURN_LEFT,
  right: LivenessAction.TURN_RIGHT,
  up: LivenessAction.LOOK_UP,
  open: LivenessAction.OPEN_MOUTH,
} as const;
const VIEWS = Object.keys(ACTIONS) as (keyof typeof ACTIONS)[];
const TURNED = ['left', 'right', 'up'] as const;

/** @param light by the place in the photo, -1 to 1 */
async function lit(photo: sharp.Sharp, light: (x: number, y: number) => number): Promise<Buffer> {
  const { data, info } = await photo.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const pixels = data.map((value, i) => {
    const at = Math.floor(i / channels);
    const factor = light((2 * (at % width)) / width - 1, (2 * Math.floor(at / width)) / height - 1);
    return Math.min(Math.max(Math.round(value * factor), 0), 255);
  });
  return sharp(pixels, { raw: { width, height, channels } }).jpeg({ quality: 92 }).toBuffer();
}

/** What an attacker does to a warp, so that it does not look like the portrait's. */
const DISGUISES: Readonly<Record<string, (photo: sharp.Sharp) => Promise<Buffer>>> = {
  'as it is': (photo) => photo.jpeg({ quality: 90 }).toBuffer(),
  'with noise': async (photo) => {
    const { data, info } = await photo.raw().toBuffer({ resolveWithObject: true });
    const random = new Random(7);
    const noisy = Uint8Array.from(data, (value) => Math.min(Math.max(value + 16 * random.normal(), 0), 255));
    const { width, height, channels } = info;
    return sharp(noisy, { raw: { width, height, channels } }).jpeg().toBuffer();
  },
  smaller: (photo) => photo.resize({ width: 220 }).jpeg().toBuffer(),
  larger: (photo) => photo.resize({ width: 640 }).jpeg().toBuffer(),
  'at a low quality': (photo) => photo.jpeg({ quality: 30 }).toBuffer(),
  darker: (photo) => photo.modulate({ brightness: 0.6 }).jpeg().toBuffer(),
  brighter: (photo) => photo.linear(1.2, 10).jpeg().toBuffer(),
  'with another contrast': (photo) => photo.gamma(1.6).jpeg().toBuffer(),
  blurred: (photo) => photo.blur(1.2).jpeg().toBuffer(),
  'lit from the left': (photo) => lit(photo, (x) => 1 + 0.5 * x),
  'lit from above': (photo) => lit(photo, (_, y) => 1 - 0.4 * y),
  'lit in the middle': (photo) => lit(photo, (x, y) => 1.2 - 0.4 * (x * x + y * y)),
  tilted: (photo) => photo.rotate(5, { background: '#888' }).jpeg().toBuffer(),
};

const photos = new Photos();
afterAll(() => photos.close());

describe.each(PEOPLE)('%s', (person) => {
  it.each(Object.entries(SHOWN))('shows in the photo "%s" exactly: %s', async (suffix, shown) => {
    const neutral = await photos.face(`${person}.jpg`);
    const frame = await photos.face(`${person}-${suffix}.jpg`);
    const seen = Object.values(LivenessAction).filter((action) =>
      showsAction(action, neutral, frame, SERVER_LIVENESS),
    );
    expect(seen).toEqual(shown === null ? [] : [shown]);
  });

  it.each(Object.keys(SHOWN))('is recognised in the photo "%s"', async (suffix) => {
    const neutral = await photos.face(`${person}.jpg`);
    const analysis = await photos.analysis(`${person}-${suffix}.jpg`);
    expect(judgeFace(analysis, ACTION_PHOTO).usable).toBe(true);
    const frame = await photos.face(`${person}-${suffix}.jpg`);
    expect(similarity(neutral.embedding, frame.embedding)).toBeGreaterThan(0.5);
  });

  describe('rendered in three dimensions', () => {
    const views = new Map<RenderedView, LivenessFrame & { face: Awaited<ReturnType<Photos['face']>> }>();
    const view = (name: RenderedView) => views.get(name) as NonNullable<ReturnType<typeof views.get>>;

    beforeAll(async () => {
      for (const name of ['front', ...VIEWS] as const) {
        const analysis = await photos.analysisOf(await renderedPhoto(person, name));
        expect(judgeFace(analysis, name === 'front' ? CHECK_PHOTO : ACTION_PHOTO).usable).toBe(true);
        const face = await photos.faceIn(await renderedPhoto(person, name));
        views.set(name, { action: name === 'front' ? null : ACTIONS[name], face });
      }
    });

    it.each(VIEWS)('shows in the photo "%s" its own action and no other', (name) => {
      const seen = Object.values(LivenessAction).filter((action) =>
        showsAction(action, view('front').face, view(name).face, SERVER_LIVENESS),
      );
      expect(seen).toEqual([ACTIONS[name]]);
    });

    it('is taken for separate photos of one person', async () => {
      const all = ['front', ...VIEWS] as const;
      for (const a of all) {
        for (const b of all) if (a !== b) expect([a, b, areSeparate(view(a), view(b))]).toEqual([a, b, true]);
      }
      expect(framesDiffer([...views.values()].map(({ face }) => face))).toBe(true);
      const portrait = await photos.face(`${person}.jpg`);
      for (const name of all) {
        expect(similarity(portrait.embedding, view(name).face.embedding)).toBeGreaterThan(0.5);
      }
    });
  });

  it.each(Object.entries(DISGUISES))(
    'is not separate photos where they are warps, %s',
    async (_, disguise) => {
      const frame = async (name: (typeof TURNED)[number]): Promise<LivenessFrame> => ({
        action: ACTIONS[name],
        face: await photos.faceIn(await disguise(sharp(photo(`${person}-${name}.jpg`)))),
      });
      const frames = await Promise.all(TURNED.map(frame));
      const open: LivenessFrame = {
        action: LivenessAction.OPEN_MOUTH,
        face: await photos.face(`${person}-open.jpg`),
      };
      for (const portrait of [`${person}.jpg`, `${person}-2.jpg`]) {
        const front: LivenessFrame = { action: null, face: await photos.face(portrait) };
        for (const other of frames) {
          expect([other.action, areSeparate(front, other)]).toEqual([other.action, false]);
          expect([other.action, areSeparate(open, other)]).toEqual([other.action, false]);
        }
      }
    },
  );

  it('is not separate photos where a warp to the other side is mirrored', async () => {
    const mirroredWarp = async (name: (typeof TURNED)[number]) => {
      const other = { left: 'right', right: 'left', up: 'up' }[name];
      return {
        action: ACTIONS[name],
        face: await photos.faceIn(
          await sharp(photo(`${person}-${other}.jpg`))
            .flop()
            .jpeg()
            .toBuffer(),
        ),
      };
    };
    const front: LivenessFrame = { action: null, face: await photos.face(`${person}.jpg`) };
    const open = { action: LivenessAction.OPEN_MOUTH, face: await photos.face(`${person}-open.jpg`) };
    for (const name of TURNED) {
      const warp = await mirroredWarp(name);
      expect(showsAction(warp.action, await photos.face(`${person}.jpg`), warp.face, SERVER_LIVENESS)).toBe(
        true,
      );
      for (const still of [front, open]) {
        expect([name, areSeparate(still, warp), areSeparate(warp, still)]).toEqual([name, false, false]);
      }
    }
  });

  it('gives frames that differ', async () => {
    const frames = await Promise.all(
      ['', '-left', '-right', '-up', '-open'].map((suffix) => photos.face(`${person}${suffix}.jpg`)),
    );
    expect(framesDiffer(frames)).toBe(true);
  });

  it('does not pass one photo off as two by sending it again, smaller or with another quality', async () => {
    const first = await photos.face(`${person}.jpg`);
    const again = await photos.faceIn(
      await sharp(photo(`${person}.jpg`))
        .jpeg({ quality: 60 })
        .toBuffer(),
    );
    const smaller = await photos.faceIn(
      await sharp(photo(`${person}.jpg`))
        .resize({ width: 400 })
        .jpeg()
        .toBuffer(),
    );
    expect(framesDiffer([first, first])).toBe(false);
    expect(framesDiffer([first, again])).toBe(false);
    expect(framesDiffer([first, smaller])).toBe(false);
    const turned = await photos.face(`${person}-left.jpg`);
    expect(framesDiffer([first, turned, again])).toBe(false);
  });
});

it('liveness takes turning the other way for what it is: in a mirrored photo left is right', async () => {
  const mirror = async (name: string) =>
    photos.faceIn(await sharp(photo(name)).flop().jpeg({ quality: 95 }).toBuffer());
  const neutral = await mirror('eileen-collins.jpg');
  const frame = await mirror('eileen-collins-left.jpg');
  expect(showsAction(LivenessAction.TURN_LEFT, neutral, frame, SERVER_LIVENESS)).toBe(false);
  expect(showsAction(LivenessAction.TURN_RIGHT, neutral, frame, SERVER_LIVENESS)).toBe(true);
});
