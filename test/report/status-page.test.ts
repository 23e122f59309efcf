import { describe, expect, test } from 'vitest';
import { type ShownServer, statusHtml } from '../../src/report/status-html/page.ts';
import { hostileTexts } from '../support/audit-reports.ts';
import { stateNowMs, statesOf } from '../support/reconcile-states.ts';

const show = (servers: readonly ShownServer[], redact = false): string =>
  statusHtml({ servers, nowMs: stateNowMs, redact, tool: 'muster 0.1.0' });
const tagsOf = (html: string): readonly string[] => html.match(/<[^>]*>/g) ?? [];

describe('the status page', () => {
  test.each(hostileTexts)('takes %j from outside for a text: no tag and no attribute comes of it', (text) => {
    expect(tagsOf(show(statesOf(() => text)))).toEqual(tagsOf(show(statesOf(() => 'x'))));
  });

  test('of many servers says of each what state it is in and why, and how many are in which', () => {
    const html = show(statesOf());

    for (const state of ['ok', 'paused', 'quarantined', 'failing', 'stale'])
      expect(html).toContain(`<span class="state ${state}"`);
    for (const why of [
      'deactivate waits; the other classes go on',
      'upgrade of the server (grace), until 2027-01-05 21:20 UTC',
      'the server answered 503',
      'the server refused the token',
      'no sign of life since 2027-01-04 10:25 UTC',
      'could not begin: MUSTER_SERVER_NEW binds the token',
    ])
      expect(html).toContain(why);
    expect(html).toMatch(/<li>2 <span class="state failing"/);
  });

  test('of one server has no table of servers, and shows drift, held, quarantine, window and runs', () => {
    const [, us] = statesOf();
    const html = show(us === undefined ? [] : [{ ...us, name: '' }]);

    expect(html).toContain('<h1>https://us.chat.example.com</h1>');
    expect(html).not.toContain('class="fleet"');
    for (const part of [
      '<b>37</b><span>blocked by a rail',
      '<b>1</b><span>held',
      'Quarantine:',
      'Contested:',
      'Last runs',
    ])
      expect(html).toContain(part);
    expect(html).toContain('closed until <time>2027-01-04 13:00 UTC</time>');
  });

  test('says so where nothing is known yet', () => {
    expect(show([])).toContain('Nothing is known yet');
  });

  test('names no person, and shows no message, where names are redacted', () => {
    const html = show(
      statesOf((word) => (word.startsWith('https://') ? word : `name-${word}`)),
      true,
    );

    expect(html).not.toMatch(/name-(?!run-|37|roles)/);
    expect(html).toContain('(redacted)');
  });
});
