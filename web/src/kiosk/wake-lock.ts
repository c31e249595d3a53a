/** Keeps the screen on. Browsers release the lock when the page is hidden, so it is requested again. */
export function keepAwake(): () => void {
  let lock: WakeLockSentinel | null = null;
  let wanted = true;
  const ask = (): void => {
    // Missing in some browsers, and refused on low battery. Then the tablet's settings apply.
    const wakeLock = navigator.wakeLock as WakeLock | undefined;
    if (document.visibilityState !== 'visible' || wakeLock === undefined) return;
    wakeLock.request('screen').then(
      (sentinel) => {
        if (wanted) lock = sentinel;
        else void sentinel.release();
      },
      () => undefined,
    );
  };
  document.addEventListener('visibilitychange', ask);
  ask();
  return () => {
    wanted = false;
    document.removeEventListener('visibilitychange', ask);
    void lock?.release();
  };
}
