/** Hears how a rotation of keys goes on. */
export interface RotationProgress {
  /** So many templates were rewritten. */
  templates(count: number): void;
  /** So many photos were rewritten. */
  photos(count: number): void;
  /** Something cannot be decrypted and is left as it is; `what` names it, by its id or path. */
  unreadable(what: string, reason: string): void;
}
