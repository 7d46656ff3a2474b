import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { EmailAddress, fields, HttpUrl, Id, label, list, StorableNumber, text } from '../../../lib/domain/fields.ts';
import { shown } from '../../harness/shown.ts';

/** A value with how the name of its test shows it. */
const named = (sent: string) => [shown(JSON.stringify(sent)), sent] as const;

describe('text', () => {
  test('counts code points, and keeps what it takes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (sent) => {
        const isTaken = [...sent].length >= 2 && [...sent].length <= 8;
        expect(v.safeParse(text(2, 8), sent)).toMatchObject({ success: isTaken, output: sent });
      }),
    );
  });

  test.each(['\ud800', '\udc00x', 'a\ud83d'])('refuses the lone surrogate in %j', (sent) => {
    expect(v.is(text(0, 10), sent)).toBe(false);
  });
});

describe('label', () => {
  test.each([' ', '\u00a0\u2003', '\ufeff', 'a\nb', 'tab\t', '\u0000', 'a\u0085'].map(named))(
    'refuses %s',
    (_, sent) => {
      expect(v.is(label(10), sent)).toBe(false);
    },
  );

  test.each([' a ', '名前', '👩‍👩‍👧', "O'Brien"])('takes %j', (sent) => {
    expect(v.parse(label(10), sent)).toBe(sent);
  });
});

describe('HttpUrl', () => {
  test('takes every web URL', () => {
    const url = fc.webUrl({ withFragments: true, withQueryParameters: true, size: 'medium' });
    fc.assert(
      fc.property(url, (sent) => {
        expect(v.safeParse(HttpUrl, sent)).toMatchObject({ success: true, output: sent });
      }),
    );
  });

  test.each(
    [
      'javascript:alert(1)',
      'data:image/png;base64,AA==',
      'ftp://example.com/a',
      '//example.com/a',
      '/a.png',
      'example.com',
      'https:example.com',
      'https:/example.com',
      'https://',
      'https://?a',
      'https://user@example.com',
      'https://user:pass@example.com/',
      'https://@example.com',
      ' https://example.com',
      'https://example.com ',
      'https://exa\nmple.com',
      'https://example.com/\u0000',
      'https://example.com\\a',
      'https://exa mple.com',
      'https://[::1',
      'https://example.com:99999',
      `https://example.com/${'a'.repeat(2048)}`,
    ].map(named),
  )('refuses %s', (_, sent) => {
    expect(v.is(HttpUrl, sent)).toBe(false);
  });
});

describe('EmailAddress', () => {
  const local = fc.stringMatching(/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,16}$/);
  const host = fc.stringMatching(/^[a-z0-9]{1,8}$/);

  test('takes every dot-atom at a host name', () => {
    fc.assert(
      fc.property(fc.array(local, { minLength: 1, maxLength: 3 }), fc.array(host, { minLength: 1 }), (atoms, hosts) => {
        const sent = `${atoms.join('.')}@${hosts.slice(0, 4).join('.')}.example`;
        expect(v.safeParse(EmailAddress, sent)).toMatchObject({ success: true, output: sent });
      }),
    );
  });

  test.each(
    [
      '',
      'jane',
      '@example.com',
      'jane@',
      'jane@example',
      'jane@@example.com',
      'jane@a@example.com',
      '.jane@example.com',
      'jane.@example.com',
      'ja..ne@example.com',
      'jane@-example.com',
      'jane@example-.com',
      'jane@.com',
      'jane@example..com',
      'jane@example.com.',
      'ja ne@example.com',
      'jane@exa mple.com',
      'jane@example.com\n',
      'Jane <jane@example.com>',
      '\u212aate@example.com',
      'jané@example.com',
      `${'a'.repeat(65)}@example.com`,
      `jane@${'a'.repeat(64)}.com`,
      `jane@${'a.'.repeat(130)}com`,
    ].map(named),
  )('refuses %s', (_, sent) => {
    expect(v.is(EmailAddress, sent)).toBe(false);
  });
});

describe('StorableNumber', () => {
  test.each([0, 1, -1, 0.1, 1e-130, -1e-130, 9.99e125, 2 ** 53, 1e21])('takes %d', (sent) => {
    expect(v.is(StorableNumber, sent)).toBe(true);
  });

  test.each([1e126, -1e126, 9.9e-131, 5e-324, Number.MAX_VALUE, Number.POSITIVE_INFINITY, Number.NaN])(
    'refuses %d',
    (sent) => {
      expect(v.is(StorableNumber, sent)).toBe(false);
    },
  );
});

test.each(['a', 'A-z_09', 'x'.repeat(64), '__proto__'])('Id takes %s', (id) => expect(v.is(Id, id)).toBe(true));

test.each(['', 'x'.repeat(65), 'a b', 'a#b', 'a/b', '..', 'é', 'a\n', 'а'])('Id refuses %j', (id) =>
  expect(v.is(Id, id)).toBe(false),
);

test('no message repeats what was sent', () => {
  const Everything = fields({
    text: text(1, 2),
    label: label(2),
    url: HttpUrl,
    email: EmailAddress,
    number: StorableNumber,
    list: list(text(1, 2), 1, 2),
    nested: fields({ text: text(1, 2) }),
  });
  const names = Object.keys(Everything.pipe[1].entries);
  const secret = 'correct horse battery staple';
  const values = [secret, { [secret]: secret }, [secret, secret], [[secret]], -1e300];
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names, 'unknown'), fc.constantFrom(...values)), (sent) => {
      for (const issue of v.safeParse(Everything, sent).issues ?? [])
        expect(issue.message).not.toMatch(/correct|1e300/);
    }),
  );
});
