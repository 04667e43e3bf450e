"""Features pay where the target has some: the test error falls as the scale alpha does.

Student networks of 64 tanh units, alpha times their output less that at the start, learn n = 80 labels of a
teacher with one unit in d = 10, by descent until the training error is below 1e-3 of the label power.
(a) Test error over label power against alpha, as geometric mean over 32 data sets and starts; the line is
the linearised network, the kernel machine of infinite alpha. (b) Cosine of the tangent kernels before
and after training. There is no theory of the middle; what is judged is the largest alpha against the
linearised network, and that the smallest errs less than half as much. The parameters are ours.
"""
