import { describe, expect, it } from 'vitest';
import type { HardwareRecord, HardwareSnapshot } from './api/types';
import { AROUND, MACHINE } from './testing/machines';
import { chaptersOf, differences, machineFacts, noteWords } from './machine';

const value = (facts: { name: string; value: string }[], name: string) =>
  facts.find((fact) => fact.name === name)?.value;

describe('machineFacts', () => {
  it('describes a machine as a person would', () => {
    const facts = machineFacts(MACHINE);
    expect(Object.fromEntries(facts.map(({ name, value }) => [name, value]))).toEqual({
      Processor: '13th Gen Intel(R) Core(TM) i5-13400',
      Cores: '10 cores (6 fast, 4 efficient) · 16 threads · up to 4.6 GHz',
      'Instruction sets': 'avx2 fma',
      Memory: '31 GB · DDR5 · 5,200 MT/s · 2 modules',
      GPU: 'NVIDIA GeForce RTX 4090 · 24 GB · PCIe\u00a04\u00a0×\u00a016',
      'GPU computes': 'compute capability 8.9 · tensor cores · bf16 fp8',
      'GPU driven by': 'driver nvidia 570.86 · CUDA 12.8 · limited to 350 W of 450 W · link PCIe\u00a01\u00a0×\u00a016',
      NPU: 'Intel AI Boost · driver intel_vpu',
      'Disk of the models': 'NVMe · 1.0 TB · ext4 · 100 GB free',
      System: 'Linux Ubuntu 24.04.2 LTS · x86_64',
      Kernel: '6.8.0-57-generic',
      'Runs in': 'container (docker)',
      Power: 'on mains · battery at 80 % · governor powersave · boost off',
    });
  });

  it('guesses nothing: what is unknown is said to be, or is left out', () => {
    expect(value(machineFacts(null), 'Hardware')).toBe('not told');
    expect(value(machineFacts({ ...MACHINE, known: false }), 'Hardware')).toMatch(/another machine/);
    const bare = machineFacts({ known: true, os: '', os_version: '', arch: '', gpus: [], npus: [], notes: [] });
    expect(bare).toEqual([
      { name: 'Processor', value: '–' },
      { name: 'Memory', value: '–' },
      { name: 'GPU', value: 'none found' },
      { name: 'System', value: '–' },
    ]);
  });

  it('numbers several GPUs, and tells how each was driven at another time', () => {
    const [gpu] = MACHINE.gpus;
    const [driven] = AROUND.gpus ?? [];
    if (!gpu || !driven) throw new Error('a GPU expected');
    const split = { ...driven, is_mig_enabled: true, mig_devices: [{ profile: '1g.5gb' }], is_accessible: false };
    const facts = machineFacts(
      { ...MACHINE, gpus: [gpu, { ...gpu, memory_bytes: null, is_integrated: true }] },
      { gpus: [split, driven] },
    );
    expect(value(facts, 'GPU 1 driven by')).toMatch(/split by MIG into 1g\.5gb · not accessible from here$/);
    expect(value(facts, 'GPU 2')).toMatch(/shares the machine's memory/);
  });
});

const record = (fingerprint: string, hardware: HardwareSnapshot, change: Partial<HardwareRecord>): HardwareRecord => ({
  fingerprint,
  is_current: false,
  first_seen_at: '2026-11-01T09:00:00Z',
  replaced_at: null,
  hardware,
  ...change,
});

describe('what changed', () => {
  it('is what two looks tell differently, and not what comes and goes', () => {
    const driven = (AROUND.gpus ?? []).map((gpu) => ({ ...gpu, driver_version: '575.51', pcie_generation: 4 }));
    const later = { ...MACHINE, environment: { ...AROUND, gpus: driven, model_disk_free_bytes: 5e10 }, npus: [] };
    expect(differences(machineFacts(MACHINE), machineFacts(later))).toEqual([
      { name: 'GPU driven by', from: 'driver nvidia 570.86', to: 'driver nvidia 575.51' },
      { name: 'NPU', from: 'Intel AI Boost · driver intel_vpu', to: '' },
    ]);
  });

  it('is told newest first, the first machine in a line', () => {
    const now = { ...MACHINE, memory_bytes: 62 * 2 ** 30 };
    const known = [
      record('b', now, { is_current: true, first_seen_at: '2026-11-20T09:00:00Z' }),
      record('a', MACHINE, { replaced_at: '2026-11-20T09:00:00Z' }),
    ];
    const [latest, first] = chaptersOf(known);
    expect(latest?.changes?.map(({ name, to }) => [name, to])).toEqual([['Memory', '62 GB']]);
    expect([latest?.until, first?.until]).toEqual([null, '2026-11-20T09:00:00Z']);
    expect([first?.changes, first?.summary]).toEqual([
      null,
      expect.stringMatching(/16 threads · 31 GB · RTX 4090 24 GB/),
    ]);
  });
});

it('tells of a second GPU as of one that came, with nothing said of the first', () => {
  const [gpu] = MACHINE.gpus;
  if (!gpu) throw new Error('a GPU expected');
  const two = { ...MACHINE, gpus: [gpu, { ...gpu, name: 'NVIDIA GeForce RTX 3060' }] };
  const known = [record('b', two, { is_current: true }), record('a', MACHINE, {})];
  expect(chaptersOf(known)[0]?.changes?.map(({ name, from }) => [name, from])).toEqual([['GPU 2', '']]);
});

it('puts the present machine first, also where it was seen before another', () => {
  const other = { ...MACHINE, npus: [] };
  const known = [
    record('a', MACHINE, { is_current: true }),
    record('b', other, { first_seen_at: '2026-11-10T09:00:00Z', replaced_at: '2026-11-12T09:00:00Z' }),
  ];
  expect(chaptersOf(known).map(({ isNow, changes }) => [isNow, changes?.map(({ name, to }) => [name, to])])).toEqual([
    [true, [['NPU 1', 'Intel AI Boost · driver intel_vpu']]],
    [false, undefined],
  ]);
});

it('says why something is not known, also by a code that it does not know', () => {
  expect(noteWords('timed_out')).toBe('did not answer in time');
  expect(noteWords('a_newer_code')).toBe('a newer code');
});
