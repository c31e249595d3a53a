/** Set by build/face-files.ts: folders of the models and of the WebAssembly. */
declare const __FACE_MODELS__: string;
declare const __TFJS__: string;

/** Chromium on Android, ChromeOS and macOS; elsewhere a library reads the codes. */
declare class BarcodeDetector {
  constructor(options: { formats: readonly string[] });
  static getSupportedFormats(): Promise<readonly string[]>;
  detect(source: ImageBitmapSource): Promise<readonly { readonly rawValue: string }[]>;
}

/** Version of package.json, which the build puts in. */
declare const __ROLLCALL_VERSION__: string | undefined;
