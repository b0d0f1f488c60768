/**
 * tfjs-core knows its gradients only once this module is loaded: without it, "gradient function not found for …".
 * Everything that differentiates imports this file first.
 *
 * In Node the package is one CommonJS file without gradients, and these modules bring a second copy of the core's classes.
 * The engine is shared between the copies and belongs to the one that is loaded first: it must be the package, since
 * the copy's tensors have no methods.
 */
import "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import "./second-gradients.ts";
