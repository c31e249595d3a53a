/** Replaces a backend that is not bundled. */
export {};
