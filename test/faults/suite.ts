import { test as base } from 'vitest';
import { startEngine } from '../harness/engine.ts';
import { type FaultyService, openStore, type ServiceOptions, startFaultyService } from './faulty-service.ts';

/** Tests with an engine and a table for each file, and as many services on it as a test wants. */
export const test = base
  .extend('engineName', { scope: 'file' }, () => process.env.PATCHWORK_ENGINE)
  .extend('engine', { scope: 'file' }, async ({ engineName }, { onCleanup }) => {
    const engine = await startEngine({ environment: { ...process.env, PATCHWORK_ENGINE: engineName } });
    onCleanup(engine.close);
    return engine;
  })
  .extend('store', { scope: 'file' }, ({ engine }) => openStore(engine))
  .extend('serve', ({ store }, { onCleanup }) => {
    const services: FaultyService[] = [];
    onCleanup(async () => void (await Promise.all(services.map((service) => service.close()))));
    return async (options?: ServiceOptions): Promise<FaultyService> => {
      const service = await startFaultyService(store, options);
      services.push(service);
      return service;
    };
  });
