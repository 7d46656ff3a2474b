import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { EmailAddress, fields, HttpUrl, Id, label, list, StorableNumber, text } from '../../../lib/domain/fields.ts';
import { shown } from '../../harness/shown.ts';

/** A value with how the name of its test shows it. */
const named = (sent: string) => [shown(JSON.stringify(sent)), sent] as const;

describe('text', () => {
  test('counts code points, and keeps text exactly as sent', () => {
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

/** Every code point that text can contain, as text. */
const codePoints = function* () {
  for (let code = 0; code <= 0x10ffff; code++) if (code < 0xd800 || code > 0xdfff) yield String.fromCodePoint(code);
};
const breaksLine = /[\p{Cc}\p{Zl}\p{Zp}]/u;
/** White space, what Unicode does not render, and the blanks that it classifies as neither. */
const drawsNothing = /[\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffb\u{1d159}]/u;

describe('label', () => {
  test('counts every character as visible that is neither white space nor invisible', () => {
    const isLabel = (sent: string) => v.is(label(10), sent);
    for (const one of codePoints()) {
      if (isLabel(one) === (breaksLine.test(one) || drawsNothing.test(one))) {
        expect.fail(`U+${one.codePointAt(0)?.toString(16)} alone is ${isLabel(one) ? 'taken' : 'refused'}`);
      }
      if (drawsNothing.test(one) && isLabel(`${one}a${one}`) === breaksLine.test(one)) {
        expect.fail(`U+${one.codePointAt(0)?.toString(16)} beside a letter`);
      }
    }
  });

  test('accepts text with a visible character and without control characters and line separators', () => {
    const unit = fc.constantFrom(...'a\u00e9名😀 \u00ad\u200b\u2800\u3164\u{e0001}\n\u0000\u0085\u2028\u2029\ud800');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 6 }), (sent) => {
        const isVisible = /[aé名😀]/u.test(sent);
        expect(v.safeParse(label(10), sent)).toMatchObject({
          success: isVisible && !breaksLine.test(sent) && sent.isWellFormed(),
          output: sent,
        });
      }),
    );
  });

  test.each([' a ', '名前', '👩‍👩‍👧', "O'Brien", '\u200bx', 'می\u200cخواهم', '\u0301'])('accepts %j', (sent) => {
    expect(v.parse(label(10), sent)).toBe(sent);
  });

  test.each([' ', '\ufeff', '\u00ad', '\u3164', '\u2800', '\u115f\u1160', '\uffa0', 'a\u2028b', 'a\nb'])(
    'refuses %j',
    (sent) => {
      expect(v.is(label(10), sent)).toBe(false);
    },
  );
});

describe('HttpUrl', () => {
  test('accepts every web URL', () => {
    const url = fc.webUrl({ withFragments: true, withQueryParameters: true, size: 'medium' });
    fc.assert(
      fc.property(url, (sent) => {
        expect(v.safeParse(HttpUrl, sent)).toMatchObject({ success: true, output: sent });
      }),
    );
  });

  test('accepts every IRI', () => {
    const unit = fc.constantFrom(..."aé名😀~-._!$&'()*+,;=:@/?");
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 9 }), fc.string({ unit, maxLength: 9 }), (query, fragment) => {
        const sent = `https://bücher.example/straße/${query}?${query}#${fragment}`;
        expect(v.safeParse(HttpUrl, sent)).toMatchObject({ success: true, output: sent });
      }),
    );
  });

  test('refuses characters that neither a URI nor an IRI may contain, anywhere', () => {
    const banned = [
      ...' "<>\\^`{|}[]%\t\n\u0000\u007f\u0085\u00a0\u1680\u2003\u2028\u202e\u200e\u3000\ufeff\ufffe\ud800',
      '%2',
      '%4g',
      '%u0041',
    ];
    const places = ['https://example.com', '/a', '/b', '?c', '=d', '#e', 'x'];
    fc.assert(
      fc.property(fc.constantFrom(...banned), fc.integer({ min: 1, max: places.length }), (one, at) => {
        const sent = [...places.slice(0, at), one, ...places.slice(at)].join('');
        expect({ sent, taken: v.is(HttpUrl, sent) }).toEqual({ sent, taken: false });
      }),
    );
  });

  test.each(
    [
      'https://[2001:db8::1]:8080/a',
      'https://example.com/%41%e2%82%ac',
      'https://ex%61mple.com/',
      'https://example.com?a/b?c',
      'https://example.com#',
      'https://example.com:/',
      "https://example.com/!$&'()*+,;=:@~-._",
      'https://例え.テスト/パス?\ue000#é',
      `https://example.com/${'a'.repeat(2028)}`,
    ].map(named),
  )('accepts %s', (_, sent) => {
    expect(v.parse(HttpUrl, sent)).toBe(sent);
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
      'https://[::1]a/',
      'https://[v1.a]/',
      'https://[fe80::1%25eth0]/',
      'https://a[b].example/',
      'https://example.com:8a/',
      'https://example.com/#a#b',
      'https://example.com/#\ue000',
      'https://example.com/\ue000',
      `https://example.com/${'a'.repeat(2029)}`,
    ].map(named),
  )('refuses %s', (_, sent) => {
    expect(v.is(HttpUrl, sent)).toBe(false);
  });
});

describe('EmailAddress', () => {
  const local = fc.stringMatching(/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,16}$/);
  const host = fc.stringMatching(/^[a-z0-9]{1,8}$/);

  test('accepts every dot-atom at a host name', () => {
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
  test.each([0, 1, -1, 0.1, 1e-130, -1e-130, 9.99e125, 2 ** 53, 1e21])('accepts %d', (sent) => {
    expect(v.is(StorableNumber, sent)).toBe(true);
  });

  test.each([1e126, -1e126, 9.9e-131, 5e-324, Number.MAX_VALUE, Number.POSITIVE_INFINITY, Number.NaN])(
    'refuses %d',
    (sent) => {
      expect(v.is(StorableNumber, sent)).toBe(false);
    },
  );
});

test.each(['a', 'A-z_09', 'x'.repeat(64), '__proto__'])('Id accepts %s', (id) => expect(v.is(Id, id)).toBe(true));

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

test.each([' ', 'a', '\u3164', '%41', 'a ', 'a/', '%'])(
  'takes time in proportion to the text: many of %j',
  { timeout: 20_000 },
  (unit) => {
    const long = `${unit.repeat(250_000)}\n`;
    expect(v.is(label(500), long)).toBe(false);
    expect(v.is(HttpUrl, `https://${long}`)).toBe(false);
    expect(v.is(HttpUrl, `https://a/?${long}`)).toBe(false);
    expect(v.is(EmailAddress, `${long}@example.com`)).toBe(false);
    expect(v.is(EmailAddress, `a@${long}`)).toBe(false);
  },
);
