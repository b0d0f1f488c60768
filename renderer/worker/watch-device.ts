import * as tf from "@tensorflow/tfjs-core";

/**
 * Tells when the graphics device of the backend in use is taken away: tfjs itself then waits for ever for what it
 * reads back. Each backend is watched once.
 */
export function watchDevice(onLost: (reason: string) => void): void {
  const backend: object = tf.backend();
  if (watched.has(backend)) return;
  watched.add(backend);
  const canvas = webglCanvas(backend);
  canvas?.addEventListener("webglcontextlost", () => onLost("The WebGL context was lost."));
  const device = "device" in backend && typeof backend.device === "object" ? backend.device : undefined;
  if (device && "lost" in device && device.lost instanceof Promise)
    void device.lost.then((info: unknown) => {
      // "destroyed" is by our own hand.
      const reason = typeof info === "object" && info !== null && "reason" in info ? info.reason : undefined;
      if (reason !== "destroyed") onLost("The WebGPU device was lost.");
    });
}

const watched = new WeakSet<object>();

/** The canvas behind tfjs's WebGL backend. */
function webglCanvas(backend: object): EventTarget | undefined {
  const gpgpu = "gpgpu" in backend && typeof backend.gpgpu === "object" ? backend.gpgpu : undefined;
  const gl = gpgpu && "gl" in gpgpu && typeof gpgpu.gl === "object" ? gpgpu.gl : undefined;
  const canvas = gl && "canvas" in gl ? gl.canvas : undefined;
  return canvas instanceof EventTarget ? canvas : undefined;
}
