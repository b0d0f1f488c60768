/**
 * One helper thread, in a Web Worker and in Node alike: it instantiates the kernels over the shared memory and works for ever.
 * Plain JavaScript without imports, because the browser and Node start it as it is.
 */
const begin = ({ module, memory, scratch }) => {
  const { exports } = new WebAssembly.Instance(module, { env: { memory, abort: () => {} } });
  exports.scratch.value = scratch;
  exports.serve();
};

if (typeof self === "object" && typeof process === "undefined") self.onmessage = ({ data }) => begin(data);
else import("node:worker_threads").then(({ workerData }) => begin(workerData));
