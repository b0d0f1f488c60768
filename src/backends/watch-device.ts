import * as tf from "@tensorflow/tfjs-core";

/**
 * Tells when the graphics device of the backend in use is taken away: tfjs itself then waits for ever for what it
 * reads back. Only the last who asked about the backend is told.
 */
export function watchDevice(onLost: (reason: string) => void): void {
  const backend: object = tf.backend();
  const known = listeners.has(backend);
  listeners.set(backend, onLost);
  if (known) return;
  const lost = (reason: string) => listeners.get(backend)?.(reason);
  const canvas = webglCanvas(backend);
  canvas?.addEventListener("webglcontextlost", () => lost("The WebGL context was lost."));
  const device = "device" in backend && typeof backend.device === "object" ? backend.device : undefined;
  if (device && "lost" in device && device.lost instanceof Promise)
    void device.lost.then(() => {
      // A backend that is no longer in use was given up by our own hand.
      if (tf.backend() === backend) lost("The WebGPU device was lost.");
    });
}

/** Who is to be told, by backend. */
const listeners = new WeakMap<object, (reason: string) => void>();

/** The canvas behind tfjs's WebGL backend. */
function webglCanvas(backend: object): EventTarget | undefined {
  const gpgpu = "gpgpu" in backend && typeof backend.gpgpu === "object" ? backend.gpgpu : undefined;
  const gl = gpgpu && "gl" in gpgpu && typeof gpgpu.gl === "object" ? gpgpu.gl : undefined;
  const canvas = gl && "canvas" in gl ? gl.canvas : undefined;
  return canvas instanceof EventTarget ? canvas : undefined;
}
