// Complex numbers as pairs [real, imaginary].

const added = (a, b) => [a[0] + b[0], a[1] + b[1]];
const scaled = (a, r) => [a[0] * r, a[1] * r];
const times = (a, b) => [a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]];
const reciprocal = ([x, y]) => {
  const size = x * x + y * y;
  return [x / size, -y / size];
};
const quotient = (a, b) => times(a, reciprocal(b));
const exponential = ([x, y]) => scaled([Math.cos(y), Math.sin(y)], Math.exp(x));
const exponentialMinusOne = ([x, y]) => [Math.expm1(x) * Math.cos(y) - 2 * Math.sin(y / 2) ** 2, Math.exp(x) * Math.sin(y)];
