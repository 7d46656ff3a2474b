import { spawnSync } from 'node:child_process';
import { test as base } from 'vitest';
import { startEngine } from '../harness/engine.ts';
import { type FaultyService, openStore, type ServiceOptions, startFaultyService } from './faulty-service.ts';

/** Tests with an engine and a table for each file, and as many services on it as a test wants. */
const testOn = (engineName: string | undefined) =>
  base
    .extend('environment', { scope: 'file' }, () => ({ ...process.env, PATCHWORK_ENGINE: engineName }))
    .extend('engine', { scope: 'file' }, async ({ environment }, { onCleanup }) => {
      const engine = await startEngine({ environment });
      onCleanup(engine.close);
      return engine;
    })
    .extend('store', { scope: 'file' }, async ({ engine }, { onCleanup }) => {
      const store = await openStore(engine);
      onCleanup(store.close);
      return store;
    })
    .extend('serve', ({ store }, { onCleanup }) => {
      const services: FaultyService[] = [];
      onCleanup(async () => void (await Promise.all(services.map((service) => service.close()))));
      return async (options?: ServiceOptions): Promise<FaultyService> => {
        const service = await startFaultyService(store, options);
        services.push(service);
        return service;
      };
    });

/** Tests on the engine at hand. */
export const test = testOn(process.env.PATCHWORK_ENGINE);

const hasJava = spawnSync('java', ['-version']).status === 0;

/**
 * The engines for what two may do differently, with the tests on each. Amazon's needs Java; where that is missing, CI fails
 * and others do without.
 */
export const engines = [
  { engine: 'the engine at hand', testOnIt: test },
  ...(hasJava || process.env.CI ? [{ engine: "Amazon's DynamoDB Local", testOnIt: testOn('dynamodb-local') }] : []),
];
