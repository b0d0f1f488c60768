/** Running code on shapes alone, for those who record steps without taking them. */
export { hasShapes, loadShapes, outlineTensor, runOnShapes } from "../backends/shapes/symbolic.ts";
