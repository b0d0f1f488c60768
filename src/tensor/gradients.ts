/**
 * tfjs-core knows its gradients only once this module is loaded: without it, "gradient function not found for …".
 * Everything that differentiates imports this file first.
 */
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
