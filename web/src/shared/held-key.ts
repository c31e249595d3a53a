/** Of this tab only: it is gone when the tab is closed, and no other page of the browser sees it. */
const STORED = 'rollcall-key';

/** The key that the reader of a page has signed in with; the pages of one tab share it. */
export class HeldKey {
  /** null: none. A new one is tried before it is kept. */
  key: string | null = sessionStorage.getItem(STORED);

  keep(): void {
    if (this.key !== null) sessionStorage.setItem(STORED, this.key);
  }

  forget(): void {
    this.key = null;
    sessionStorage.removeItem(STORED);
  }
}
