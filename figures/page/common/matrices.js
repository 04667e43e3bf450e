// Small dense matrices as arrays of rows (Float64Array).

const matrix = (rows, columns) => Array.from({ length: rows }, () => new Float64Array(columns));

function inner(a, b, from, to) {
  let sum = 0;
  for (let k = from; k < to; k++) sum += a[k] * b[k];
  return sum;
}

function addInner(K, A, B, from, to) { // K += A[:, from:to] B[:, from:to]'
  for (let i = 0; i < A.length; i++) for (let j = 0; j < B.length; j++) K[i][j] += inner(A[i], B[j], from, to);
}

function gram(A, count) { // A[:, :count]' A[:, :count]
  const G = matrix(count, count);
  for (const row of A)
    for (let i = 0; i < count; i++) for (let j = 0; j <= i; j++) G[i][j] += row[i] * row[j];
  for (let i = 0; i < count; i++) for (let j = 0; j < i; j++) G[j][i] = G[i][j];
  return G;
}

function product(A, B) {
  return A.map((row) => {
    const out = new Float64Array(B[0].length);
    for (let k = 0; k < B.length; k++) {
      const value = row[k], other = B[k];
      if (value !== 0) for (let j = 0; j < out.length; j++) out[j] += value * other[j];
    }
    return out;
  });
}

const transposed = (A, columns) =>
  Array.from({ length: columns }, (_, j) => Float64Array.from(A, (row) => row[j]));

// (K + shift I)^-1 of the first m rows and columns, or null where that is singular to rounding
function inverse(K, m, shift) {
  const L = matrix(m, m), R = matrix(m, m), out = matrix(m, m);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < i; j++) L[i][j] = (K[i][j] - inner(L[i], L[j], 0, j)) / L[j][j];
    const pivot = K[i][i] + shift - inner(L[i], L[i], 0, i);
    if (!(pivot > 0)) return null;
    L[i][i] = Math.sqrt(pivot);
  }
  for (let j = 0; j < m; j++) { // row j of R is column j of L^-1
    R[j][j] = 1 / L[j][j];
    for (let i = j + 1; i < m; i++) R[j][i] = -inner(L[i], R[j], j, i) / L[i][i];
  }
  for (let i = 0; i < m; i++) for (let j = 0; j <= i; j++) out[i][j] = out[j][i] = inner(R[i], R[j], i, m);
  return out;
}

const trace = (M) => M.reduce((sum, row, i) => sum + row[i], 0);
const sumOfSquares = (M) => M.reduce((sum, row) => sum + inner(row, row, 0, row.length), 0);
