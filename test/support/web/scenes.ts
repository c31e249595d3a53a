import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { photo } from '../photos';

/** What the fake camera shows, one after the other, over and over. */
export interface Scene {
  /** A file of test/fixtures, or a picture of its own; null: an empty room. */
  readonly show: string | Buffer | null;
  readonly seconds: number;
  /** Height of the picture within the frame; the whole of it unless said otherwise. */
  readonly height?: number;
  /** The colour of the room around it. */
  readonly room?: string;
}

const [WIDTH, HEIGHT] = [640, 480];
/** What Chromium's fake camera takes from a .mjpeg file in a second. */
const FRAMES_PER_SECOND = 30;

async function frameOf({ show, height = HEIGHT, room: background = '#7d868f' }: Scene): Promise<Buffer> {
  const room = sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background } });
  const bytes = typeof show === 'string' ? photo(show) : show;
  const picture =
    bytes === null
      ? []
      : [{ input: await sharp(bytes).resize({ width: WIDTH, height, fit: 'inside' }).toBuffer() }];
  // JPEG without metadata: Chromium's reader of such files looks for bare frames.
  return await room.composite(picture).jpeg({ quality: 90 }).toBuffer();
}

/** Writes a film for --use-file-for-fake-video-capture. */
export async function writeFilm(scenes: readonly Scene[]): Promise<{ path: string; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-film-'));
  const path = join(folder, 'film.mjpeg');
  const parts: Buffer[] = [];
  for (const scene of scenes) {
    const frame = await frameOf(scene);
    for (let i = 0; i < scene.seconds * FRAMES_PER_SECOND; i++) parts.push(frame);
  }
  writeFileSync(path, Buffer.concat(parts));
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
