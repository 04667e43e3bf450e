// Eigenvalues and eigenvectors of a symmetric matrix by Jacobi's rotations, row by row until nothing is left.

function symmetricModes(K) { // { values, vectors }: row i of vectors belongs to value i
  const n = K.length, A = K.map((row) => row.slice()), V = matrix(n, n);
  for (let i = 0; i < n; i++) V[i][i] = 1;
  for (let sweep = 0; sweep < 40; sweep++) {
    let off = 0, all = 0;
    for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) if (i === j) all += A[i][i] ** 2; else off += A[i][j] ** 2;
    if (off <= 1e-32 * all) break;
    for (let i = 1; i < n; i++) for (let j = 0; j < i; j++) if (A[i][j] !== 0) rotate(A, V, i, j);
  }
  return { values: Float64Array.from(A, (row, i) => row[i]), vectors: V };
}

function rotate(A, V, i, j) { // makes A[i][j] zero
  const half = (A[j][j] - A[i][i]) / (2 * A[i][j]), tangent = (half < 0 ? -1 : 1) / (Math.abs(half) + Math.hypot(1, half));
  const c = 1 / Math.hypot(1, tangent), s = tangent * c;
  turn(A[i], A[j], c, s);
  for (const row of A) {
    const a = row[i], b = row[j];
    row[i] = c * a - s * b;
    row[j] = s * a + c * b;
  }
  turn(V[i], V[j], c, s);
}

function turn(a, b, c, s) {
  for (let k = 0; k < a.length; k++) {
    const x = a[k], y = b[k];
    a[k] = c * x - s * y;
    b[k] = s * x + c * y;
  }
}
