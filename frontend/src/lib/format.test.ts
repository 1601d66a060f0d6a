import { describe, expect, it } from 'vitest';
import * as format from './format';
import { estimate } from './testing/builders';

describe('number', () => {
  it.each([
    [0, '0'],
    [0.0301, '0.030'],
    [0.9994, '0.999'],
    [0.9996, '1.00'],
    [9.994, '9.99'],
    [9.996, '10.0'],
    [98.44, '98.4'],
    [99.96, '100'],
    [1234.5, '1,235'],
    [-12.34, '-12.3'],
  ])('writes %d as %s', (value, text) => expect(format.number(value)).toBe(text));

  it.each([null, undefined, NaN, Infinity])('writes %s as not measured, never as 0', (value) =>
    expect(format.number(value)).toBe(format.NONE),
  );
});

describe('estimates', () => {
  it('shows the interval in the same digits as the median', () =>
    expect(format.interval(estimate(90, 88.04, 91))).toBe('88.0–91.0'));
  it('says how few samples there were where no interval can be given', () =>
    expect(format.interval(estimate(90, null, null, 3))).toBe('n = 3'));
  it('is empty for nothing', () => expect(format.interval(null)).toBe(''));
  it('is a sentence for those who hear it', () => {
    expect(format.estimateInWords(estimate(), 'tokens/s')).toBe(
      '90.0 tokens/s, 95 % interval 88.0 to 91.0, 10 samples',
    );
    expect(format.estimateInWords(estimate(90, null, null, 1), 'ms')).toBe('90.0 ms, 1 sample, no interval');
    expect(format.estimateInWords(undefined, 'ms')).toBe('not measured');
  });
});

describe('sizes', () => {
  it.each([
    [384, '384 B'],
    [999, '999 B'],
    [274_302_450, '274 MB'],
    [999_600_000, '1.0 GB'],
    [4_661_224_676, '4.7 GB'],
    [2e15, '2.0 PB'],
    [null, format.NONE],
  ])('writes a file of %d as %s', (value, text) => expect(format.bytes(value)).toBe(text));

  it.each([
    [64 * 2 ** 30, '64 GB'],
    [25_282_000_000, '24 GB'],
    [2 ** 31, '2 GB'],
    [null, format.NONE],
  ])('writes a memory of %d as %s', (value, text) => expect(format.memory(value)).toBe(text));
});

describe('times', () => {
  it.each([
    [0.42, '0.4 s'],
    [9.97, '10 s'],
    [59, '59 s'],
    [70, '1 min 10 s'],
    [120, '2 min'],
    [7_500, '2 h 5 min'],
    [null, format.NONE],
  ])('writes %d s as %s', (value, text) => expect(format.duration(value)).toBe(text));

  it.each([
    [0, 'now'],
    [1_999, 'now'],
    [12_000, '12 s ago'],
    [61_000, '1 min ago'],
    [3 * 3_600_000, '3 h ago'],
    [49 * 3_600_000, '2 d ago'],
    [-5_000, 'now'],
  ])('says of %d ms: %s', (passed, text) => expect(format.ago(0, passed)).toBe(text));

  it.each([
    [4.23, '4.2 µs'],
    [14.4, '14 µs'],
    [1_240, '1.24 ms'],
    [null, format.NONE],
  ])('writes %d µs as %s', (value, text) => expect(format.micros(value)).toBe(text));

  it('writes moments in the time zone of the reader', () => {
    const local = new Date(2026, 10, 21, 9, 5, 32);
    expect(format.moment(local.toISOString())).toBe('2026-11-21 09:05');
    expect(format.clockTime(local.getTime())).toBe('09:05:32');
    expect(format.moment(null)).toBe(format.NONE);
  });
});

describe('counts and shares', () => {
  it('keeps the numbers of an axis short', () => {
    expect([0, 0.25, 20, 8_400].map(format.tick)).toEqual(['0', '0.25', '20', '8,400']);
  });
  it('counts the seconds of an age from none', () => expect(format.age(5, 5)).toBe('0 s'));
  it('counts', () => {
    expect(format.count(12_345)).toBe('12,345');
    expect(format.count(null)).toBe(format.NONE);
    expect(format.plural(1, 'job')).toBe('1 job');
    expect(format.plural(0, 'job')).toBe('0 jobs');
  });
  it('shares', () => {
    expect(format.percent(1)).toBe('100 %');
    expect(format.percent(0.0042)).toBe('0.4 %');
    expect(format.percent(0)).toBe('0 %');
    expect(format.percent(undefined)).toBe(format.NONE);
  });
  it('shortens digests as Ollama does', () => {
    expect(format.digest('sha256:0123456789abcdef')).toBe('0123456789ab');
    expect(format.digest(null)).toBe(format.NONE);
  });
});

describe('hardware in a line', () => {
  const system = { known: true, os: 'Linux', os_version: '', arch: 'x86_64' };
  const machine = { ...system, memory_bytes: 64 * 2 ** 30, gpus: [], npus: [], notes: [] };
  const cpu = { model: 'AMD Ryzen 9 7900X 12-Core Processor', physical_cores: 12, logical_cores: 24, features: [] };
  const gpu = {
    vendor: 'nvidia' as const,
    name: 'NVIDIA GeForce RTX 4090',
    memory_bytes: 24_564 * 2 ** 20,
    driver_version: null,
    number_formats: [],
  };

  it('names what matters and nothing else', () =>
    expect(format.hardware({ ...machine, cpu, gpus: [gpu] })).toBe(
      'AMD Ryzen 9 7900X · 24 threads · 64 GB · RTX 4090 24 GB',
    ));
  it('counts equal GPUs', () =>
    expect(format.hardware({ ...machine, cpu: null, gpus: [gpu, gpu] })).toBe('64 GB · 2 × RTX 4090 24 GB'));
  it('leaves out marks and clock rates', () =>
    expect(
      format.hardware({
        ...machine,
        cpu: { model: 'Intel(R) Core(TM) i7-8700 CPU @ 3.20GHz', physical_cores: 6, logical_cores: 12, features: [] },
      }),
    ).toContain('Intel Core i7-8700 ·'));
  it('guesses nothing', () => {
    expect(format.hardware(null)).toBe('hardware not told yet');
    expect(format.hardware({ ...machine, known: false, cpu: null })).toMatch(/unknown/);
  });
});

describe('moments and frequencies', () => {
  it.each([
    [0, '0:00'],
    [5.4, '0:05'],
    [59.6, '1:00'],
    [760, '12:40'],
    [3_725, '1:02:05'],
    [-4.2, '−0:04'],
    [-0.2, '0:00'],
  ])('writes %d s on an axis as %s', (seconds, text) => expect(format.timer(seconds)).toBe(text));

  it.each([
    [800, '800 MHz'],
    [4_600, '4.6 GHz'],
    [5_733, '5.73 GHz'],
    [null, format.NONE],
  ])('writes %d MHz as %s', (mhz, text) => expect(format.frequency(mhz)).toBe(text));
});
