"""Public functions without a reference of the adversary, by the reason: what else holds them."""

_DATA = "takes data or a matrix; its tests draw those, and singular ones are in test_singular_kernels"
_KERNEL = "kernels of inputs: 60 digits and more in engines/test_duals, test_logistic_digits and the oracles"
_PROBLEM = (
    "takes a Problem: theory.ridge and theory.random_features are in the table, its tests compare it to them"
)
_RELABELLED = "mei2022.risk or theory.ridge in the notation of a paper, to which its tests compare it"
_SPHERE = (
    "takes names and small whole numbers; closed spectra and integrals in test_sphere and engines/test_zonal"
)
_ACTIVATION = "takes the name of an activation; its numbers are compared with integrals in test_activation"

EXCEPTIONS: dict[str, tuple[str, ...]] = {
    "roots of equations: these hold in 40 digits in test_sparse, fits in the tests of the papers": (
        "sparse.lasso", "bayati2012.lasso", "donoho2009.transition", "javanmard2020.risk",
        "sorscher2022.error", "levi2024.accuracy", "levi2024.grokking", "muthukumar2021.positive_share",
    ),
    "takes a Problem or a matrix: fits and exact cases in the tests of the papers": (
        "adomaityte2024.risk", "merger2025.denoiser", "lin2023.distances",
    ),
    "takes names of activations: erf in 40 digits and others layer by layer in kernel/test_deep": (
        "kernel.deep_limit", "kernel.edge_of_chaos", "poole2016.chi_1", "poole2016.correlation",
        "schoenholz2017.depth_scales", "schoenholz2017.critical_sigma_w",
    ),
    _DATA: (
        "complexity.rademacher", "complexity.rademacher_bound", "complexity.rademacher_kernel",
        "complexity.gibbs_error", "descent.certify", "descent.linear_descent", "descent.two_layer_lipschitz",
        "dynamics.linearised_network", "dynamics.kernel_residual", "dynamics.kernel_descent",
        "dynamics.critical_step", "arora2019.quadratic_form", "arora2019.complexity", "arora2019.residual",
        "bartlett2020.effective_ranks", "bartlett2020.critical_index", "bartlett2020.variance_rate",
        "bartlett2020.bias_rate",
        "belkin2020.prescient", "chang2021.pruned_risk", "chang2021.retrained_risk", "dobriban2018.risk",
        "dobriban2018.classification_error", "patil2024.loo", "hanin2023.predict", "schroder2023.features",
        "ba2022.features",
        "du2019.minimum_eigenvalue", "du2019.residual_bound", "ghorbani2021.limiting_excess",
        "hastie2022.general_covariance", "lee2019.predictive", "lee2019.critical_step", "li2020.cluster_fit",
        "liao2020.train_error", "liao2020.test_error", "loureiro2021.ridge",
        "loureiro2021.ridge_classification",
        "loureiro2021.logistic", "muthukumar2020.fourier", "oneto2023.norm_bound", "oneto2023.left_out",
        "oymak2019jacobian.split", "oymak2020.minimum_eigenvalue", "oymak2020.condition", "lin2024.problem",
        "paquette2021.given_design", "paquette2021.critical_step", "paquette2024.problem",
        "paquette2024.frontier",
        "schaeffer2023.prediction_error", "soltanolkotabi2019.global_minimum",
        "soltanolkotabi2019.origin_curvature", "soltanolkotabi2019.benign", "woodworth2020.limit",
        "validation.gcv", "validation.loo", "validation.leave_one_out", "validation.random_features_left_out",
    ),
    _KERNEL: (
        "activation.dual", "kernel.nngp", "kernel.ntk", "kernel.ntk_layers", "kernel.spectrum",
        "kernel.first_layer", "kernel.residual", "kernel.arc_cosine", "kernel.gaussian", "kernel.laplace",
        "kernel.empirical_ntk_variance", "cho2009.kernel", "jacot2018.ntk",
    ),
    _PROBLEM: (
        "optimal_ridge", "covariate_shift", "general_norm", "ensemble", "ensemble_ridge", "peak_constant",
        "dynamics.gradient_flow", "dynamics.gradient_flow_gcv", "patil2024.mean_loo", "bach2024.minimum_norm",
        "curth2023.effective_parameters", "defilippis2024.equivalents", "heckel2021.risk",
        "simon2023.learnability", "simon2023.overfitting_coefficient", "simon2024.optimal",
        "tradeoff.best_ridge", "tradeoff.smallest_samples", "tradeoff.smallest_width",
        "tradeoff.width_within",
        "tradeoff.pareto", "validation.kfold", "Problem.isotropic", "Problem.power_law",
        "Problem.from_covariance", "Problem.from_features", "Problem.from_kernel_on_sphere",
        "Problem.from_activation_on_sphere",
    ),
    "takes a Problem: other_target or random_features, to which its tests compare it; fits in its tests": (
        "labels.own", "labels.fitted", "bahri2024.finite_width", "bahri2024.constants",
        "dohmatob2024.generations",
        "dohmatob2025.mixture", "ildiz2025.weak_to_strong", "ildiz2025.optimal_surrogate",
    ),
    "takes a Problem: 60 or 80 digits in test_sgd, test_deep_features, test_bayes and test_labels": (
        "sgd.one_pass", "sgd.scheduled", "sgd.critical_step", "sgd.critical_batch", "deep_features",
        "evidence", "empirical_bayes", "other_target", "mackay1992.well_determined",
        "tradeoff.compute_optimal", "bordelon2024.risk",
    ),
    "the equation step by step, limits and ends of the range in test_paquette2021": (
        "paquette2021.multi_pass",
    ),
    _RELABELLED: (
        "adlam2020.decomposition", "dascoli2020.decomposition", "dascoli2020triple.risk",
        "adlam2020.classical", "mei2022.coefficients",
        "mei2022.norm", "mei2022.objective", "mei2022.optimal",
    ),
    _SPHERE: (
        "sphere.eigenvalues", "sphere.zonal", "sphere.learning_time", "sphere.decay_exponent",
        "sphere.activation_spectrum", "sphere.activation_coefficients", "sphere.kurtosis",
        "basri2020.eigenvalue",
        "basri2020.learning_time", "bietti2019.eigenvalue",
    ),
    _ACTIVATION: (
        "activation.moments", "activation.hermite", "activation.function", "activation.slope",
        "activation.named", "dascoli2020triple.linearity",
    ),
    "equations of several unknowns: high precision in test_classification": (
        "classification.svm", "classification.logistic", "deng2022.gmm_error",
    ),
    "ends of the range in test_extreme_units": ("montanari2019.max_margin",),
    "brackets of 700 digits in complexity/test_posterior": ("complexity.kl_inverse",),
    "an integral: quadrature in test_exact": ("exact.ridge",),
    "an integral over the law of Marchenko and Pastur: test_ali2019_truth, test_advani2020": (
        "ali2019.risk", "advani2020.risk", "advani2020.train_error",
    ),
    "a ratio of Bessel functions of any order: 40 digits in test_hanin2023": ("hanin2023.scale",),
    "no argument": ("ali2019.bounds",),
    "a list of steps: test_lin2024": ("lin2024.schedule",),
    "an infinite sum: mpmath in test_mallinar2022": (
        "mallinar2022.power_law", "mallinar2022.exponential", "mallinar2022.logarithmic",
    ),
    "an infinite sum: zeta functions of 30 digits in test_hutter2021": ("hutter2021.error",),
    "a root over a power law: theory.random_features in test_maloney2022": ("maloney2022.risk",),
    "a root of its own: mpmath in test_adlam2020ntk": ("adlam2020ntk.risk",),
    "a root of an integral: mpmath and ends of the range in test_advani2020": ("advani2020.stopping_time",),
    "a quartic at sizes near 1: known laws and draws in test_dascoli2020triple_spectrum": (
        "dascoli2020triple.spectrum", "dascoli2020triple.least_eigenvalue",
    ),
    "next to the edges, which are a reference, no digits: 60 digits inside in test_marchenko1967": (
        "marchenko1967.density",
    ),
    "a witness that says that it loses digits": ("mei2022.polynomials",),
    "exponents alone: tests of the same name": (
        "tradeoff.exponents", "defilippis2024.rates", "simon2024.train_ratio", "bordelon2024.exponents",
        "bahri2024.regimes",
        "paquette2024.phase", "paquette2024.exponents", "yang2021.scaling", "yang2021.feature_exponent",
        "yang2021.kernel_exponent",
    ),
    "a difference next to a threshold or a saddle: 60 to 1500 digits in the papers' tests": (
        "ba2022.alignment", "saxe2014.strength", "saxe2014.half_time", "stoger2021.flow", "saad1995.plateau",
    ),
    "sums or limits of saxe2014.strength, to which their tests compare them": (
        "gidel2019.error", "gidel2019.limit", "kunin2024.kernel",
    ),
    "a path: descent on all weights, integrated flows and runs in the papers' tests": (
        "lewkowycz2020.catapult", "goldt2019.excess", "soudry2018.margins",
    ),
    "takes widths: the moments of one unit in test_hanin2020": ("hanin2020.kurtosis",),
}  # fmt: skip
