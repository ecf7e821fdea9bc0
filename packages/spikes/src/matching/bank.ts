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
export function correlate(signal: Float32Array, { templates, channels, length }: Bank): Float32Array[] {
  const planes = channelsOf(signal, channels);
  const places = Math.max(0, signal.length / Math.max(1, channels) - length + 1);
  // One sum a place, which goes from channel to channel in float64.
  const sums = new Float64Array(places);
  return templates.map((template) => {
    sums.fill(0);
    for (const [channel, part] of channelsOf(template, channels).entries()) {
      addCorrelation(sums, planes[channel]!, part);
    }
    return new Float32Array(sums);
  });
}

/** ⟨template, signal from its place on⟩ of these places alone, where a whole template fits. */
export function correlateAt(
  signal: Float32Array,
  places: readonly { readonly unit: number; readonly place: number }[],
  { templates, channels }: Bank,
): Float64Array {
  const correlations = new Float64Array(places.length);
  for (const [index, { unit, place }] of places.entries()) {
    const template = templates[unit]!;
    let sum = 0;
    for (let i = 0, at = place * channels; i < template.length; i++, at++) sum += template[i]! * signal[at]!;
    correlations[index] = sum;
  }
  return correlations;
}

/** The channels of `[time × channels]`, one array each, in float64. */
function channelsOf(signal: Float32Array, channels: number): Float64Array[] {
  return Array.from({ length: channels }, (_, channel) => {
    const plane = new Float64Array(signal.length / channels);
    for (let time = 0, at = channel; time < plane.length; time++, at += channels) plane[time] = signal[at]!;
    return plane;
  });
}

/** Adds ⟨template, signal from sample i on⟩ of one channel to every sum i. */
function addCorrelation(sums: Float64Array, signal: Float64Array, template: Float64Array): void {
  const places = sums.length;
  let place = 0;
  // Four sums at once do not wait for each other, and share the samples that they need but for one. See `filterChannel`.
  for (; place + 4 <= places; place += 4) {
    let a = sums[place]!;
    let b = sums[place + 1]!;
    let c = sums[place + 2]!;
    let d = sums[place + 3]!;
    let x0 = 0;
    let x1 = signal[place]!;
    let x2 = signal[place + 1]!;
    let x3 = signal[place + 2]!;
    for (let i = 0, next = place + 3; i < template.length; i++, next++) {
      const value = template[i]!;
      x0 = x1;
      x1 = x2;
      x2 = x3;
      x3 = signal[next]!;
      a += value * x0;
      b += value * x1;
      c += value * x2;
      d += value * x3;
    }
    sums[place] = a;
    sums[place + 1] = b;
    sums[place + 2] = c;
    sums[place + 3] = d;
  }
  for (; place < places; place++) {
    let sum = sums[place]!;
    for (let i = 0; i < template.length; i++) sum += template[i]! * signal[place + i]!;
    sums[place] = sum;
  }
}
