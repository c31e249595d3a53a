/** Of tfjs what face-api needs: the core, its chained operations, and the WebAssembly backend. */
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
export * from '@tensorflow/tfjs-core';
export * from '@tensorflow/tfjs-backend-wasm';
