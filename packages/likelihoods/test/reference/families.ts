/** A family as textbooks write it, in float64: of one entry, nothing guarded. */
export interface Family {
  /** −log p(y | η), up to what does not depend on η. */
  readonly loss: (y: number, eta: number) => number;
  /** −∂loss/∂η */
  readonly residual: (y: number, eta: number) => number;
  /** ∂residual/∂η */
  readonly slope: (y: number, eta: number) => number;
  readonly mean: (eta: number) => number;
  readonly variance: (eta: number) => number;
  readonly deviance: (y: number, eta: number) => number;
  /** Data that it may have, the ends of its domain among them. */
  readonly data: readonly number[];
}

const { exp, log } = Math;
/** y log x, 0 at y = 0. */
const timesLog = (y: number, x: number): number => (y === 0 ? 0 : y * log(x));

export const gaussian: Family = {
  loss: (y, eta) => (y - eta) ** 2 / 2,
  residual: (y, eta) => y - eta,
  slope: () => -1,
  mean: (eta) => eta,
  variance: () => 1,
  deviance: (y, eta) => (y - eta) ** 2,
  data: [-2, -0.3, 0, 1.7],
};

export const poisson: Family = {
  loss: (y, eta) => exp(eta) - y * eta,
  residual: (y, eta) => y - exp(eta),
  slope: (_, eta) => -exp(eta),
  mean: exp,
  variance: exp,
  deviance: (y, eta) => 2 * (timesLog(y, y / exp(eta)) - (y - exp(eta))),
  data: [0, 1, 3, 20],
};

export function binomial(trials: number): Family {
  const p = (eta: number): number => 1 / (1 + exp(-eta));
  return {
    loss: (y, eta) => trials * log(1 + exp(eta)) - y * eta,
    residual: (y, eta) => y - trials * p(eta),
    slope: (_, eta) => -trials * p(eta) * (1 - p(eta)),
    mean: (eta) => trials * p(eta),
    variance: (eta) => trials * p(eta) * (1 - p(eta)),
    deviance: (y, eta) =>
      2 * (timesLog(y, y / (trials * p(eta))) + timesLog(trials - y, (trials - y) / (trials * (1 - p(eta))))),
    data: [0, 1, trials / 2, trials].map(Math.floor),
  };
}

export function negativeBinomial(dispersion: number): Family {
  const size = 1 / dispersion;
  const odds = (eta: number): number => dispersion * exp(eta);
  return {
    loss: (y, eta) => (y + size) * log(1 + odds(eta)) - y * log(odds(eta)),
    residual: (y, eta) => (y - exp(eta)) / (1 + odds(eta)),
    slope: (y, eta) => (-(y + size) * odds(eta)) / (1 + odds(eta)) ** 2,
    mean: exp,
    variance: (eta) => exp(eta) * (1 + odds(eta)),
    deviance: (y, eta) =>
      2 * (timesLog(y, y / exp(eta)) - (y + size) * log((1 + dispersion * y) / (1 + odds(eta)))),
    data: [0, 1, 4, 30],
  };
}

export function gamma(shape: number): Family {
  return {
    loss: (y, eta) => shape * (eta + y * exp(-eta)),
    residual: (y, eta) => shape * (y * exp(-eta) - 1),
    slope: (y, eta) => -shape * y * exp(-eta),
    mean: exp,
    variance: (eta) => exp(eta) ** 2 / shape,
    deviance: (y, eta) => 2 * shape * ((y - exp(eta)) / exp(eta) - log(y / exp(eta))),
    data: [0.01, 0.5, 2, 40],
  };
}

/** The residual that an ELU bounds below by −peak, and its slope. */
export const bounded = (family: Family, peak: number): Pick<Family, 'residual' | 'slope'> => ({
  residual: (y, eta) => {
    const r = family.residual(y, eta);
    return r > 0 ? r : peak * (exp(r) - 1);
  },
  slope: (y, eta) => {
    const r = family.residual(y, eta);
    return family.slope(y, eta) * (r > 0 ? 1 : peak * exp(r));
  },
});
