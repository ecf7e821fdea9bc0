import { describe, expect, it } from 'vitest';
import { duration, noise, noiseOrAuto, rate, units, wholeNumber } from '../src/arguments.ts';

describe('duration', () => {
  it.each([
    ['3ms', 0.003],
    ['600 ms', 0.6],
    ['0.5s', 0.5],
    ['.5s', 0.5],
    ['200us', 0.0002],
    ['200µs', 0.0002],
    ['1e-3s', 0.001],
    [' 2 ms ', 0.002],
  ])('reads %s', (text, seconds) => {
    expect(duration(text)).toBeCloseTo(seconds, 15);
  });

  it('asks for the unit of a bare number', () => {
    expect(() => duration('3')).toThrow('3ms or 3s?');
    expect(() => duration('0.5')).toThrow('0.5ms or 0.5s?');
  });

  it.each([
    '',
    'ms',
    '-3ms',
    '0ms',
    '3 min',
    '3Ms',
    '3m',
    '1e999s',
    '1_000ms',
    '0x3ms',
    'NaNms',
    '3ms4',
    '3,5ms',
  ])('refuses %j', (text) => {
    expect(() => duration(text)).toThrow('Expected a duration');
  });
});

describe('rate', () => {
  it('reads a number of Hz', () => {
    expect(rate('15000')).toBe(15000);
    expect(rate('1e4')).toBe(10000);
    expect(rate('24414.0625')).toBe(24414.0625);
  });
  it.each(['', ' ', '0', '-1', 'NaN', 'Infinity', '15k', '15000Hz'])('refuses %j', (text) => {
    expect(() => rate(text)).toThrow('sampling rate in Hz');
  });
});

describe('units', () => {
  it('reads auto or a count', () => {
    expect(units('auto')).toBe('auto');
    expect(units('12')).toBe(12);
  });
  it.each(['0', '-1', '1.5', '', 'Auto', '1e2', ' 3'])('refuses %j', (text) => {
    expect(() => units(text)).toThrow('auto or a whole number ≥ 1');
  });
});

describe('wholeNumber', () => {
  it('reads a whole number from the least one on', () => {
    expect(wholeNumber(0)('0')).toBe(0);
    expect(wholeNumber(1)('7')).toBe(7);
  });
  it.each(['0', '-1', '1.5', '', 'x', '1e2', '9007199254740993'])('refuses %j', (text) => {
    expect(() => wholeNumber(1)(text)).toThrow('a whole number ≥ 1');
  });
  it('reads up to the largest one', () => {
    expect(wholeNumber(1, 8)('8')).toBe(8);
    expect(() => wholeNumber(1, 8)('9')).toThrow('a whole number from 1 to 8');
  });
});

describe('noise', () => {
  it('reads a kind and a level', () => {
    expect(noise('gaussian:25')).toEqual({ family: 'gaussian', level: 25 });
    expect(noise(' poisson:0.5 ')).toEqual({ family: 'poisson', level: 0.5 });
    expect(noiseOrAuto('auto')).toBe('auto');
    expect(noiseOrAuto('poisson:4')).toEqual({ family: 'poisson', level: 4 });
  });

  it.each([
    '',
    'auto',
    'gaussian',
    'gaussian:',
    'gaussian:0',
    'gaussian:-5',
    'poisson:0',
    'poisson:many',
    'speckle:3',
    'gaussian:1:2',
  ])('refuses %j', (text) => {
    expect(() => noise(text)).toThrow('Expected gaussian:SIGMA');
  });
});
