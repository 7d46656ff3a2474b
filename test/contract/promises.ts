import type { Declared } from '../declared/kind.ts';
import { bodyPromises } from './body-promises.ts';
import { callerPromises } from './caller-promises.ts';
import { fieldPromises } from './field-promises.ts';
import { preconditionPromises } from './precondition-promises.ts';
import type { Promised } from './promised.ts';

/** The promises of an endpoint, in the order in which the service checks them. */
export const promisesOf = (endpoint: Declared): Promised[] => [
  ...callerPromises(endpoint),
  ...bodyPromises(endpoint),
  ...preconditionPromises(endpoint),
  ...fieldPromises(endpoint),
];
