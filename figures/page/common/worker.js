// Trials one after another, each told when it is done; a new job takes the place of the old one. The same code
// runs in a worker, or in the page in slices where there may be no worker.

function serve(post) {
  let job = 0;
  return ({ id, setting, points, trials, seed }) => {
    job = id;
    let done = 0;
    const next = () => {
      if (job !== id || done === trials) return;
      post({ id, values: trial(setting, points, generator(seed, done)) });
      done += 1;
      setTimeout(next, 0);
    };
    next();
  };
}

if (typeof document === "undefined") {
  const start = serve(postMessage);
  onmessage = (event) => start(event.data);
}
