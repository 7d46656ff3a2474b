import { spawnSync } from 'node:child_process';
import { test as base } from 'vitest';
import { startEngine } from '../harness/database/engine.ts';
import { type FaultyService, openStore, type ServiceOptions, startFaultyService } from './faulty-service.ts';

/** Tests with an engine and a table for each file, and any number of services per test. */
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

/** Tests on the default engine. */
export const test = testOn(process.env.PATCHWORK_ENGINE);

const hasJava = spawnSync('java', ['-version']).status === 0;

/**
 * The engines for behaviour that may differ between them, with a `test` for each. Amazon's requires Java; without it, CI fails and
 * other environments skip its tests.
 */
export const engines = [
  { engine: 'the default engine', testOnIt: test },
  ...(hasJava || process.env.CI ? [{ engine: "Amazon's DynamoDB Local", testOnIt: testOn('dynamodb-local') }] : []),
];
