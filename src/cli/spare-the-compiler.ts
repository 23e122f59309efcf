import { setFlagsFromString } from 'node:v8';

/**
 * Node optimizes the HTTP parser, which is WebAssembly, after a few answers: that costs more than a plan of ten people, and pays after
 * tens of thousands of answers. Here it waits a thousand times longer.
 *
 * To be called before the first request. Only by a program of its own: a library leaves the process as it is.
 */
export function spareTheCompiler(): void {
  setFlagsFromString('--wasm-tiering-budget=1800000000');
}
