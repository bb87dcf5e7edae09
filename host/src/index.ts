/**
 * The voxhost host.
 *
 * @module
 */
import 'reflect-metadata';

export type { HostErrorCode, HostErrorFields } from './errors.js';
export { EXIT_CODES, HOST_ERROR_CODES, HostError, isHostError } from './errors.js';
export type {
  Attempt,
  Provenance,
  Routed,
  RoutedPrepared,
  Router,
  RouteSettings,
} from './routing/router.js';
