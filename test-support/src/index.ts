export { followGlobals } from './follow-globals.ts';
export { rejections, type Rejections } from './rejections.ts';
export { requests, type Requests } from './requests.ts';
export { skewedClock, type SkewedClock } from './skewed-clock.ts';
export { say, sayAndWait } from './say.ts';
export { makeScratchDirectory, type ScratchDirectory } from './scratch-directory.ts';
export { startChild, startChildren, type Child } from './start-child.ts';
export { ticksDuring } from './ticks-during.ts';
