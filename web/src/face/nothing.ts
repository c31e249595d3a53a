/** In place of a backend that is not bundled. */
export {};
