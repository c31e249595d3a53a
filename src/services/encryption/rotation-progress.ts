/** One kind of encrypted data, and its part of a rotation. */
export interface Rewriting {
  /** Number of rows or files that are left. */
  remaining(): Promise<number>;
  /** Re-encrypts what is left. Finished work is kept after an interruption. */
  run(signal: AbortSignal, progress: RotationProgress): Promise<void>;
}

/** Gets the progress of a key rotation. */
export interface RotationProgress {
  /** Number of templates that were rewritten. */
  templates(count: number): void;
  /** Number of photos that were rewritten. */
  photos(count: number): void;
  /** A template or photo cannot be decrypted and stays as it is. @param what its id or path */
  unreadable(what: string, reason: string): void;
}
