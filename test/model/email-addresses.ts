import * as fc from 'fast-check';

const letters = 'abcxyzäöüßéøłиїאب日本字ıſ'.split('');
const ordinary = [...letters, ...'0123456789'.split('')];
const odd = [
  ...".._-+/%?#!$&'*=^`{|}~".split(''),
  ...' ,;:<>()[]@"\\'.split(''),
  '\t',
  '\u00a0',
  '\u0307',
  '\u0308',
  '\u200b',
  '\u0130',
  '\u212a',
  'Σ',
  'A',
  'Ж',
  '\u{10400}',
  '\u{1f600}',
];

const word = fc.string({ unit: fc.constantFrom(...ordinary), minLength: 1, maxLength: 6 });
const oddWord = fc.string({ unit: fc.constantFrom(...ordinary, ...odd), maxLength: 6 });
const dotted = (part: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.'));
const address = fc.constantFrom(
  '127.0.0.1',
  '1.2.3',
  '01.2.3.4',
  '256.1.1.1',
  '::1',
  '::',
  'fe80::1%eth0',
  '1:2:3:4:5:6:7:8',
  '1:2:3:4:5:6:7::8',
  '1::2::3',
  '::ffff:1.2.3.4',
  '1:2:3:4:5:6:1.2.3.4',
  '1:2:3:4:5:6:7:1.2.3.4',
  '::1.2.3.4:5',
  'ipv6:::1',
  ':1',
  '1:',
  '12345::',
  'abcd::ef01',
  'g::',
  '',
);
const local = fc.oneof(
  { weight: 4, arbitrary: dotted(word) },
  { weight: 3, arbitrary: dotted(oddWord) },
  { weight: 1, arbitrary: oddWord.map((text) => `"${text}"`) },
);
const domain = fc.oneof(
  { weight: 4, arbitrary: dotted(word) },
  { weight: 2, arbitrary: dotted(oddWord) },
  { weight: 1, arbitrary: address.map((text) => `[${text}]`) },
);
const plain = fc.tuple(local, domain).map(([name, host]) => `${name}@${host}`);

/** Addresses, and what people and programs make of them; of each kind some that a server takes. */
export const addresses: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: plain },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        plain,
        fc.constantFrom(
          '<$>',
          'Ada <$>',
          'mailto:$',
          '$,',
          '$;',
          '$.',
          ' $',
          '$ ',
          '$ (x)',
          '(x)$',
          '$$',
          'a:$;',
          '.$',
          '$@x',
        ),
      )
      .map(([text, form]) => form.replaceAll('$', () => text)),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(word, fc.nat({ max: 140 }))
      .map(([text, length]) => `${text.repeat(30).slice(0, length)}@ex.de`),
  },
);
