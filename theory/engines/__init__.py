"""The numerics behind the formulas: jitted solvers, quadrature, Gram matrices. No statements, no sources."""
