/** The kiosk's own code in Node.js, as tests of the service see it: they are compiled apart from the pages. */
export interface KioskDriver {
  /** Forgets everything that the tablet stored. */
  empty(): Promise<void>;
  /** Punches that are saved on the tablet. */
  savedCount(): Promise<number>;
  /** Opens the page. */
  open(options: TabletOptions): Promise<Tablet>;
}

export interface TabletOptions {
  readonly key: string;
  readonly office: { readonly id: string; readonly name: string; readonly timeZone: string };
  readonly device: { wall(): number; monotonic(): number };
  /** What outlives a reload, but not a restart of the tablet. */
  readonly session: {
    getItem(name: string): string | null;
    setItem(name: string, value: string): void;
  };
  /** Between two tries of the page. */
  readonly pauseMs: number;
}

export interface Tablet {
  /** Why the service refused saved punches, which are still on the tablet. */
  readonly refused: readonly string[];
  /** Asks for the settings, as the page does every few seconds. */
  poll(): Promise<void>;
  /** @returns whether the person was told that the punch is recorded or saved */
  punch(employeeId: string, photo: Buffer<ArrayBuffer>, descriptor: string): Promise<boolean>;
  close(): void;
}
