import { resolve } from 'node:path';

/** Where the build puts the models: dist/models, seen from the compiled place of this file. */
export const OWN_MODELS = resolve(__dirname, '../../../../models');

/** The models that find faces. Only the one that describes them can be replaced. */
export const DETECTOR = {
  file: 'detector.onnx',
  sha256: '6c0256ccd3164f844736a401faf936ec2930764a87ae39442180887d0c5c8854',
} as const;
export const LANDMARKS = {
  file: 'landmarks.onnx',
  sha256: '25666402b5622bc189cb3ce2d131016c7a164e97e2f97e647af54a0dc0e929aa',
} as const;
