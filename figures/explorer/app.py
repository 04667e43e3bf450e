import marimo

app = marimo.App(width="medium", app_title="overparam explorer", css_file="app.css")


@app.cell
def _():
    import time

    import marimo as mo

    from figures.explorer import _claims as claims
    from figures.explorer import _data as data
    from figures.explorer import _files as files
    from figures.explorer import _knobs as knobs
    from figures.explorer import _page as page
    from figures.explorer import _tabs as tabs
    from figures.explorer import _view as views
    from sims.shell.streams import visible

    return claims, data, files, knobs, mo, page, tabs, time, views, visible


@app.cell
def _(mo):
    start = {k: v for k, v in mo.query_params().to_dict().items() if isinstance(v, str)}
    latest = {}  # what is shown now, by tab: for the buttons that save it
    return latest, start


@app.cell
def _(knobs, mo, tabs):
    def widget(knob, value):
        """The control of a knob; its label is in the page."""
        if isinstance(knob, knobs.Slider):
            return mo.ui.slider(steps=knob.steps, value=value, show_value=True, full_width=True)
        if isinstance(knob, knobs.Choice):
            return mo.ui.dropdown(knob.options, value, allow_select_none=False, full_width=True)
        return mo.ui.switch(value)

    def controls(pairs, more=""):
        """Labelled controls in as many columns as fit, and what comes after them."""
        cells = (
            f'<div class="op-knob op-knob-{name}"><span class="op-label">{label}</span>{control}</div>'
            for name, label, control in pairs
        )
        return mo.Html(f'<div class="op-knobs">{"".join(cells)}<div class="op-save">{more}</div></div>')

    def first(tab, knob, start):
        """The value of a knob when the page opens."""
        return knobs.read([knob], start if start.get("tab", "descent") == tab else {})[knob.name]

    return controls, first, widget


@app.cell
def _(files, latest, mo, page, views):
    def saving(tab, name, picture=True):
        """Buttons that save what the tab shows when they are clicked."""

        def csv():
            return views.rows(latest[tab]).encode()

        def png():
            return files.png(latest[tab])

        buttons = [mo.download(csv, f"{name}.csv", "text/csv", label="points as CSV")]
        if picture:
            buttons.append(mo.download(png, f"{name}.png", "image/png", label="picture as PNG"))
        return mo.hstack(buttons, justify="start", wrap=True)

    def result(tab):
        """What shows a finished view, with all that can be saved of it."""

        def show(view):
            buttons = saving(tab, view.name, bool(view.charts))
            parts = [buttons, mo.Html(page.page(view)), mo.Html(page.command(view.command))]
            mo.output.replace(mo.vstack(parts))

        return show

    return result, saving


@app.cell
def _(latest, mo, page, tabs, time, views):
    def refuse(error):
        """An error as one line in the place of the output."""
        mo.output.replace(mo.Html(page.error(views.error_line(error))))

    def follow(tab, frames, show):
        """Show views as they come, in a thread, until the settings change; users take turns."""

        def work():
            me = mo.current_thread()
            time.sleep(0.4)  # a slider on its way starts nothing
            try:
                while not me.should_exit:
                    with tabs.turn:
                        view = None if me.should_exit else next(frames, None)
                    if view is None or me.should_exit:
                        return
                    latest[tab] = view
                    show(view)
                    time.sleep(0.1)  # to be seen
            except Exception as error:
                closed = "refuse" not in globals()  # a page that is closed loses its names before its threads
                if not (me.should_exit or closed):
                    refuse(error)

        mo.Thread(target=work, daemon=True).start()

    return follow, refuse


@app.cell
def _(mo, page, start, tabs):
    tab = mo.ui.tabs(
        {name: mo.Html(f'<p class="op-about">{tabs.ABOUT[key]}</p>') for key, name in tabs.NAMES.items()},
        value=tabs.NAMES.get(start.get("tab"), tabs.NAMES["descent"]),
    )
    mo.vstack(
        [
            mo.Html(
                '<div class="op-head"><h1>Why do huge models generalise?</h1><p>Theory as a line, simulation '
                "as points with their intervals, and a verdict between them.</p></div>"
                + page.notes(tabs.changes(start))
            ),
            tab,
        ]
    )
    return (tab,)


@app.cell
def _(tab, tabs):
    active = next(key for key, name in tabs.NAMES.items() if name == tab.value)
    return (active,)


@app.cell
def _(first, mo, start, tabs, widget):
    curves = mo.ui.dictionary(
        {
            key: mo.ui.dictionary({k.name: widget(k, first(key, k, start)) for k in module.KNOBS})
            for key, module in tabs.CURVES.items()
        }
    )
    return (curves,)


@app.cell
def _(active, controls, curves, mo, saving, tabs):
    mo.stop(active not in tabs.CURVES)
    controls(
        ((k.name, k.label, curves[active][k.name]) for k in tabs.CURVES[active].KNOBS),
        saving(active, tabs.CURVES[active].NAME),
    )
    return


@app.cell
def _(active, curves, follow, latest, mo, page, refuse, tabs):
    mo.stop(active not in tabs.CURVES)

    _module, _values = tabs.CURVES[active], curves.value[active]
    _idle = page.hidden(k.name for k in _module.KNOBS if not _module.applies(k.name, _values))

    def _show(view):
        mo.output.replace(mo.Html(_idle + page.page(view)))

    try:
        latest[active] = _module.view(_values)
        _show(latest[active])
        follow(active, _module.settle(_values, tabs.store()), _show)
    except Exception as error:
        refuse(error)
    return


@app.cell
def _(active, curves, latest, mo, page, tabs):
    mo.stop(active not in tabs.CURVES or not curves.value or active not in latest)
    mo.Html(page.command(latest[active].command))
    return


@app.cell
def _(claims, mo, start):
    _first = start.get("claim", claims.FIRST).partition(".")[0]
    paper = mo.ui.dropdown(
        claims.papers(),
        _first if _first in claims.papers() else claims.FIRST.partition(".")[0],
        allow_select_none=False,
        searchable=True,
        full_width=True,
    )
    return (paper,)


@app.cell
def _(active, claims, mo, paper, start):
    mo.stop(active != "claims")
    _ids = claims.of(paper.value)
    _first = start.get("claim", claims.FIRST)
    claim = mo.ui.dropdown(
        _ids, _first if _first in _ids else _ids[0], allow_select_none=False, searchable=True, full_width=True
    )
    return (claim,)


@app.cell
def _(claim, claims, mo, start):
    def _control(name, default):
        value = default
        if start.get("claim") == claim.value and name in start:
            try:
                value = claims.settings(claim.value, {name: start[name]})[name]
            except ValueError:
                value = default
        if claims.options(default):
            known = claims.options(default)
            shown = value if value in known else default
            return mo.ui.dropdown(known, shown, allow_select_none=False, full_width=True)
        if isinstance(default, str):
            return mo.ui.text(value, full_width=True)
        low, high = claims.limits(default)
        step = 1 if isinstance(default, int) else None
        return mo.ui.number(low, high, step, value, full_width=True)

    changed = mo.ui.dictionary({k: _control(k, v) for k, v in claims.defaults(claim.value).items()})
    run_claim = mo.ui.run_button(label="Run the experiment", kind="success")
    return changed, run_claim


@app.cell
def _(changed, claim, claims, controls, mo, page, paper, run_claim):
    mo.vstack(
        [
            controls([("paper", "paper", paper), ("claim", "claim", claim)]),
            mo.Html(page.reading(claims.reading(claim.value))),
            controls([(name, name, changed[name]) for name in changed.value]),
            run_claim,
        ],
        gap=1,
    )
    return


@app.cell
def _(changed, claim, claims, follow, mo, refuse, result, run_claim, tabs):
    mo.stop(not run_claim.value)

    def _told(done, total):
        if mo.current_thread().should_exit:
            raise RuntimeError("the settings have changed")
        mo.output.replace(mo.Html(f'<div class="op-progress">{done} of {total} trials …</div>'))

    try:
        _values = claims.settings(claim.value, changed.value)
        mo.output.replace(mo.Html('<div class="op-progress">starting …</div>'))
        follow("claims", claims.check(claim.value, _values, tabs.store(), _told), result("claims"))
    except Exception as error:
        refuse(error)
    return


@app.cell
def _(data, first, mo, start, widget):
    chosen = mo.ui.dictionary({k.name: widget(k, first("data", k, start)) for k in data.KNOBS})
    upload = mo.ui.file([".csv"], kind="area", max_size=data.MOST_BYTES, label="Drop a CSV file here")
    run_data = mo.ui.run_button(label="Predict and check", kind="success")
    return chosen, run_data, upload


@app.cell
def _(data, mo, tabs, upload, views, visible):
    kept = refused = None
    target = mo.ui.dropdown([])
    if upload.value:
        try:
            kept = data.keep(upload.name(), upload.contents(), tabs.uploads())
            _names = data.targets(kept)
            _shown = {visible(name): name for name in _names}
            target = mo.ui.dropdown(_shown, next(iter(_shown)), allow_select_none=False, full_width=True)
        except Exception as error:
            kept, refused = None, views.error_line(error)
    return kept, refused, target


@app.cell
def _(chosen, data, kept, refused, target, upload, views):
    read, unfit = (), refused
    if kept is not None:
        try:
            read = data.check(kept, data.title(upload.name()), target.value, data.reading(chosen.value["as"]))
        except Exception as error:
            unfit = views.error_line(error)
    return read, unfit


@app.cell
def _(active, chosen, controls, data, kept, mo, page, read, run_data, target, unfit, upload):
    mo.stop(active != "data")
    _own = chosen.value["data"] == data.OWN
    _pairs = [(k.name, k.label, chosen[k.name]) for k in data.KNOBS if _own or k.name not in data.OF_FILES]
    if _own and kept is not None:
        _pairs.append(("target", "target column", target))
    _parts = [controls(_pairs)]
    if _own:
        _parts.append(upload)
        _parts += [] if unfit is None else [mo.Html(page.error(unfit))]
        _parts += [mo.Html(page.reading([("how it is read", " ".join(read))]))] if read else []
    if not _own or (kept is not None and unfit is None):
        _parts.append(run_data)
    mo.vstack(_parts, gap=1)
    return


@app.cell
def _(active, chosen, data, follow, kept, mo, result, run_data, tabs, target, upload):
    mo.stop(active != "data" or not run_data.value)
    mo.output.replace(mo.Html('<div class="op-progress">predicting, then fitting …</div>'))
    _own = chosen.value["data"] == data.OWN
    _source = str(kept) if _own else chosen.value["data"]
    _shown = data.title(upload.name()) if _own else _source
    _column, _wanted = (target.value, data.reading(chosen.value["as"])) if _own else (None, None)
    follow(
        "data",
        data.settle(_source, _shown, _column, _wanted, chosen.value["features"], tabs.store()),
        result("data"),
    )
    return


@app.cell
def _(active, chosen, curves, data, knobs, mo, tabs):
    def keep_link(wanted):
        """The address of the page says what it shows, and nothing else."""
        link = mo.query_params()
        for name in set(link.to_dict()) - set(wanted):
            link.remove(name)
        for name, text in wanted.items():
            if link.get(name) != text:
                link.set(name, text)

    if active in tabs.CURVES:
        keep_link({"tab": active, **knobs.words(tabs.CURVES[active].KNOBS, curves.value[active])})
    elif active == "data":
        keep_link({"tab": active, **knobs.words(data.KNOBS, chosen.value)})
    return (keep_link,)


@app.cell
def _(active, changed, claim, claims, keep_link, mo):
    mo.stop(active != "claims")
    _known = claims.defaults(claim.value)
    _other = {name: str(value) for name, value in changed.value.items() if value != _known[name]}
    keep_link({"tab": active, "claim": claim.value, **_other})
    return


if __name__ == "__main__":
    app.run()
