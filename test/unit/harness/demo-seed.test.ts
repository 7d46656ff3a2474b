import { is, parse } from 'valibot';
import { describe, expect, test } from 'vitest';
import { replyOf } from '../../../lib/domain/record-kind.ts';
import { changesIn, holdsAll, type Item, withChanges } from '../../../lib/table/changes.ts';
import { keyOf } from '../../../lib/table/keys.ts';
import { demoOf, demoSeed } from '../../harness/database/demo-seed.ts';
import { endpoints } from '../../harness/lambda/functions.ts';
import { moveSession, updateSession } from './session.ts';

describe.each(endpoints)('the demo record of $id', ({ kind, body, reply, example }) => {
  const records = demoSeed[kind.name] ?? [];
  const { attributes = {} } = records.find(({ ids }) => keyOf(kind, ids).sk === keyOf(kind, example.ids).sk) ?? {};

  test('is the one that the example names, once', () => {
    const keys = records.map(({ ids }) => JSON.stringify(keyOf(kind, ids)));
    expect(keys.filter((key) => key === JSON.stringify(keyOf(kind, example.ids)))).toHaveLength(1);
  });

  test('has what the declaration says, which a request could have set', () => {
    expect(is(body, example.stored)).toBe(true);
    expect(attributes).toMatchObject(withChanges({}, changesIn({ ...example.stored })));
  });

  const shown = (fields: Item) => parse(reply, replyOf(kind, example.ids, fields));

  test('can be shown in a response', () => {
    expect(() => shown(attributes)).not.toThrow();
  });

  test('is changed by the example, to what its response shows', () => {
    const changes = changesIn({ ...example.body });
    const { updatedAt } = Object.values(example.reply)[0] ?? {};
    expect(holdsAll(attributes, changes)).toBe(false);
    expect(shown({ ...withChanges(attributes, changes), updatedAt })).toEqual(example.reply);
  });
});

test('endpoints whose examples have the same record share it', () => {
  expect(demoOf([updateSession, moveSession])).toEqual({
    session: [
      {
        kind: updateSession.kind,
        ids: updateSession.example.ids,
        attributes: {
          title: 'First',
          bookedBy: 'u1',
          'reminder.channel': 'sms',
          'reminder.wording.opening': 'Hello',
          'reminder.sentAt': '2024-03-01T09:00:00.000Z',
          place: 'Berlin',
          createdAt: '2024-02-01T10:00:00.000Z',
          updatedAt: '2024-02-01T10:00:00.000Z',
        },
      },
    ],
  });
});
