/** Real: the models in their thread, the fixtures (warped portraits, see their README). Fake: nothing. */
import sharp from 'sharp';
import { LivenessAction, SERVER_LIVENESS, framesDiffer, judgeFace, showsAction } from '@rollcall/face-rules';
import { photo } from '../support/photos';
import { ACTION_PHOTO, Photos, similarity } from '../support/faces';

const PEOPLE = ['grace-hopper', 'eileen-collins'];
const SHOWN: Readonly<Record<string, LivenessAction | null>> = {
  left: LivenessAction.TURN_LEFT,
  right: LivenessAction.TURN_RIGHT,
  up: LivenessAction.LOOK_UP,
  open: LivenessAction.OPEN_MOUTH,
  2: null,
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
