export { run, serve } from "./pool";
export { scratch } from "./scratch";
