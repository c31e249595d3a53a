import { texts } from '../messages';
import { cameraAdvice } from '../shared/camera-advice';
import type { Phase } from './state';

/** The sentence of each phase. It is shown large, and screen readers read it. */
export function sentence(phase: Phase): string {
  const { kiosk } = texts();
  switch (phase.kind) {
    case 'starting':
      return kiosk.starting;
    case 'no-camera':
      return `${kiosk.camera.title}. ${cameraAdvice(phase.problem)}`;
    case 'blind':
      return kiosk.blind;
    case 'looking':
      return kiosk.hints[phase.hint];
    case 'leaving':
      return phase.last.tone === 'bad' ? phase.last.title : kiosk.hints.next;
    case 'scanning':
      return kiosk.scanning;
    case 'typing':
      return '';
    case 'checking':
      return kiosk.checking;
    case 'acting':
      return kiosk.actions[phase.action];
    case 'notice':
      // The outcome has its own element, which screen readers read at once.
      return '';
  }
}
