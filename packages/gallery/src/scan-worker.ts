/**
 * The thread that searches large galleries, so that the event loop stays free. It reads the main thread's memory while
 * that may change. The gallery discards the result if anything changed.
 */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { Candidates, type BestRows } from './candidates';
import { i8Kernel } from './kernels/i8-kernel';
import { QuantisedRows } from './kernels/quantised-rows';
import { scan } from './kernels/scan';
import { instantiate, type I8Exports } from './kernels/wasm';
import type { Probe } from './probe';
import { TemplateRows } from './template-rows';

export interface ScanWorkerData {
  readonly dimension: number;
  readonly templates: WebAssembly.Memory;
  readonly quantised: WebAssembly.Memory;
  readonly module: WebAssembly.Module;
}

export interface ScanRequest {
  readonly probe: Probe;
  readonly size: number;
  readonly count: number;
  readonly scope: number | null;
}

export type ScanReport = BestRows | { readonly error: string };

function serve(port: MessagePort, { dimension, templates, quantised, module }: ScanWorkerData): void {
  const rows = new TemplateRows(dimension, templates);
  const small = new QuantisedRows(dimension, quantised);
  const kernel = i8Kernel(small, instantiate<I8Exports>(module, quantised), 1);
  const answer = ({ probe, size, count, scope }: ScanRequest): ScanReport => {
    try {
      rows.memory.refresh(size);
      small.memory.refresh(size);
      const candidates = new Candidates(rows, probe, count, scope);
      scan(kernel, probe, size, candidates);
      return candidates.bestRows();
    } catch (error) {
      return { error: String(error) };
    }
  };
  port.on('message', (request: ScanRequest) => port.postMessage(answer(request)));
}

if (parentPort !== null) serve(parentPort, workerData as ScanWorkerData);
