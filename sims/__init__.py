"""What happens: draw data, fit, measure, and judge theory by it.

Experiments, and what they are made of:

experiments     the experiments that claims, figures and commands share, in closed form where possible
features        random inputs and feature maps, drawn from a generator
data            real data, offline: sets by name, and your own CSV or NPZ files
fit             least squares: minimum norm, ridge, and both for every number of features at once
network         fully connected networks, many at once: start, outputs, gradient, tangent kernel
rules           rules of descent: step, momentum, decay and their like
training        training of many networks at once, by steps of a rule, L-BFGS or gradient flow
messages        words that messages of every part share
blas            one thread for linear algebra, so that bits do not depend on the number of cores

Trials and verdicts:

trials          how trials run: seeds, processes, clusters, and the store that keeps them
verdict         theory against simulation: does it hold, how sure is that, what would have been noticed

For others to use:

estimators      the fits for scikit-learn's pipelines
exercise        claims as exercises: simulation judges your formula

Commands, each a package that runs as `python -m sims.NAME` (`python -m sims` lists them with examples):

double_descent  theory and simulation of the test error against the number of parameters
ntk             how fast wide networks become kernel machines
belkin2019      the second descent on real images
sweet_spot      how wide, how much ridge, how much data: your own data, predicted before training
claims          statements of the literature, each judged by an experiment
store           finished trials: list, verify, export, prune

shell           what the commands share: options, console, runner, the door to the figures
"""

from sims.shell.shadow import require

require("theory")
