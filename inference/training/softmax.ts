/** A linear softmax over hashed features, trained by AdaGrad. Deterministic: the order of examples comes from a fixed generator. */
export interface Example {
  readonly indices: Uint32Array;
  readonly values: Float32Array;
  readonly label: number;
  readonly weight: number;
}

export interface Softmax {
  readonly classes: number;
  readonly buckets: number;
  /** `buckets` rows of `classes`. */
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

export interface TrainOptions {
  readonly classes: number;
  readonly buckets: number;
  readonly epochs: number;
  readonly rate: number;
  readonly l2: number;
}

/** Mulberry32: small, good enough for shuffling. */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function logitsOf(model: Softmax, example: Pick<Example, "indices" | "values">): Float64Array {
  const { classes, weights } = model;
  const logits = Float64Array.from(model.bias);
  for (let at = 0; at < example.indices.length; at++) {
    const row = example.indices[at]! * classes;
    for (let c = 0; c < classes; c++) logits[c]! += weights[row + c]! * example.values[at]!;
  }
  return logits;
}

export function softmax(logits: ArrayLike<number>, temperature = 1): number[] {
  const scaled = Array.from(logits, (value) => value / temperature);
  const top = Math.max(...scaled);
  const powers = scaled.map((value) => Math.exp(value - top));
  const sum = powers.reduce((total, value) => total + value, 0);
  return powers.map((value) => value / sum);
}

export function train(examples: readonly Example[], options: TrainOptions): Softmax {
  const { classes, buckets, epochs, rate, l2 } = options;
  const model: Softmax = {
    classes,
    buckets,
    weights: new Float32Array(buckets * classes),
    bias: new Float32Array(classes),
  };
  const squares = new Float32Array(buckets * classes).fill(1e-6);
  const biasSquares = new Float32Array(classes).fill(1e-6);
  const random = generator(7);
  const order = Uint32Array.from(examples.keys());
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let at = order.length - 1; at > 0; at--) {
      const other = Math.floor(random() * (at + 1));
      [order[at], order[other]] = [order[other]!, order[at]!];
    }
    for (const which of order) {
      const example = examples[which]!;
      const gradients = softmax(logitsOf(model, example)).map(
        (p, c) => (p - (c === example.label ? 1 : 0)) * example.weight,
      );
      for (let at = 0; at < example.indices.length; at++) {
        const row = example.indices[at]! * classes;
        for (let c = 0; c < classes; c++) {
          const g = gradients[c]! * example.values[at]! + l2 * model.weights[row + c]!;
          squares[row + c]! += g * g;
          model.weights[row + c]! -= (rate * g) / Math.sqrt(squares[row + c]!);
        }
      }
      for (let c = 0; c < classes; c++) {
        biasSquares[c]! += gradients[c]! ** 2;
        model.bias[c]! -= (0.1 * rate * gradients[c]!) / Math.sqrt(biasSquares[c]!);
      }
    }
  }
  return model;
}

/** The temperature that makes the probabilities of unseen examples most likely. */
export function calibrate(model: Softmax, examples: readonly Example[]): number {
  const all = examples.map((example) => ({ logits: logitsOf(model, example), example }));
  let best = { temperature: 1, loss: Number.POSITIVE_INFINITY };
  for (let temperature = 0.3; temperature <= 6; temperature *= 1.04) {
    let loss = 0;
    for (const { logits, example } of all)
      loss -= example.weight * Math.log(Math.max(1e-9, softmax(logits, temperature)[example.label]!));
    if (loss < best.loss) best = { temperature, loss };
  }
  return best.temperature;
}

export interface Quantised {
  readonly weights: Int8Array;
  readonly scale: number;
}

/** Weights as signed bytes with one scale. Outliers beyond five standard deviations are clipped. */
export function quantise(model: Softmax): Quantised {
  let sum = 0;
  let used = 0;
  let largest = 0;
  for (const weight of model.weights) {
    if (weight === 0) continue;
    sum += weight * weight;
    used += 1;
    largest = Math.max(largest, Math.abs(weight));
  }
  const scale = Math.min(largest, 8 * Math.sqrt(sum / Math.max(1, used))) / 127;
  return {
    scale,
    weights: Int8Array.from(model.weights, (weight) => Math.max(-127, Math.min(127, Math.round(weight / scale)))),
  };
}
