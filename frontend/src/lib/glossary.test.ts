import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { explain, PARTS } from './glossary';
import { entryOf, METRIC_SHORT, termName, WORD, type EntryId, type TermId } from './terms';
import { FLAG, GRADE, METRIC } from './words';

const all = PARTS.flatMap(({ ids }) => ids);
const architecture = readFileSync('../ARCHITECTURE.md', 'utf8');
const measuring = readFileSync('../docs/measuring.md', 'utf8');

describe('the glossary', () => {
  it('explains every metric, grade and flag that the server can send', () => {
    for (const code of [...Object.keys(METRIC), ...Object.keys(GRADE), ...Object.keys(FLAG)]) {
      expect(all, code).toContain(code);
      expect(explain(code as EntryId).text.length, code).toBeGreaterThan(20);
    }
  });

  it("explains every word of the architecture's table", () => {
    const rows = architecture.slice(architecture.indexOf('| word |'), architecture.indexOf('## Rooms'));
    const words = [...rows.matchAll(/^\| \*\*([^*]+)\*\* \|/gm)].map((match) => match[1]);
    expect(words.length).toBeGreaterThan(10);
    const names = all.map((id) => termName(id));
    for (const word of words) expect(names).toContain(word);
  });

  it('says nothing twice, and of each word something', () => {
    expect(new Set(all).size).toBe(all.length);
    const texts = all.map((id) => explain(id).text);
    expect(new Set(texts).size).toBe(texts.length);
    for (const text of texts) expect(text).toMatch(/^["9A-Z].*\.$/s);
  });

  it('gives a metric its unit and which way is better', () => {
    expect(explain('ttft')).toMatchObject({ name: 'TTFT', long: 'Time to first token', unit: 'ms', better: 'lower' });
    expect(explain('decode')).toMatchObject({ unit: 'tokens/s', better: 'higher' });
    expect(explain('energy')).toMatchObject({ unit: 'J/token', better: 'lower' });
    expect(explain('session')).toMatchObject({ unit: '', better: null });
  });

  it('knows each metric by the short name that people say', () => {
    expect(Object.values(METRIC_SHORT).sort()).toEqual(Object.keys(METRIC).sort());
    for (const short of Object.keys(METRIC_SHORT)) expect(entryOf(short as TermId)).toMatch(new RegExp(`^${short}`));
  });

  it('has a name for each of its words', () => {
    for (const id of all) expect(termName(id), id).toBeTruthy();
    expect(termName('load_pattern')).toBe(WORD.load_pattern);
  });

  it('agrees with the method: every metric and flag has its row there', () => {
    expect(existsSync('../docs/measuring.md')).toBe(true);
    for (const code of [...Object.keys(METRIC), ...Object.keys(FLAG)]) expect(measuring).toContain(`\`${code}\``);
  });
});
