/** Why there is no picture; each has its own advice. */
export type CameraProblem = 'denied' | 'missing' | 'busy' | 'insecure';

export class CameraFault extends Error {
  override readonly name = 'CameraFault';

  constructor(readonly problem: CameraProblem) {
    super(`The camera is not available: ${problem}`);
  }
}

/** Enough for a face, and a photo of some 100 KB. */
const PICTURE = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 24 } };

/** By the name of the browser's error; every other one means that there is no camera of use. */
const PROBLEMS: Readonly<Record<string, CameraProblem>> = {
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  // Another program has the camera, or its driver does not answer.
  NotReadableError: 'busy',
  AbortError: 'busy',
};

/** @throws CameraFault */
export async function openCamera(): Promise<MediaStream> {
  // Absent if the page came without TLS; TypeScript takes it for given.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (devices === undefined) throw new CameraFault('insecure');
  try {
    return await devices.getUserMedia({ audio: false, video: { facingMode: 'user', ...PICTURE } });
  } catch (error) {
    const name = error instanceof DOMException ? error.name : '';
    throw new CameraFault(PROBLEMS[name] ?? 'missing');
  }
}

export function closeCamera(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** The current picture, not mirrored; null while there is none. */
export async function grabFrame(video: HTMLVideoElement): Promise<ImageBitmap | null> {
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || video.videoWidth === 0) return null;
  return await createImageBitmap(video);
}
