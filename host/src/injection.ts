/**
 * The library that puts a host together, behind the polyfill that it looks for when it is evaluated. One module, so that a
 * bundle in several files has them in this order in each.
 */
import 'reflect-metadata';

export {
  container,
  type DependencyContainer,
  type InjectionToken,
  inject,
  injectable,
  instanceCachingFactory,
} from 'tsyringe';
