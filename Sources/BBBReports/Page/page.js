"use strict";
// One number is the state: the stop, the index of the sparsity chosen. Everything else is drawn from it and the JSON.
(() => {
  const all = (selector, parent = document) => [...parent.querySelectorAll(selector)];
  const element = (id) => document.getElementById(id);
  const read = (id) => JSON.parse(element(id).textContent);
  const sweep = read("sweep");
  const details = read("details");
  const curves = sweep.curves ?? [sweep];
  const { stops } = details;
  if (stops.length === 0) return;
  let chosen = details.chosen;

  // Every number of the sweep is here as text, as the program made it: page and tables agree to the last digit.
  const text = (name, curve, stop, isBare = false) => {
    if (name === "sparsity") return stops[stop].text;
    const found = details.texts[name]?.[curve]?.[stops[stop].points[curve]] ?? "–";
    return found === "–" || isBare ? found : found + details.units[name];
  };
  const counted = (value) => value.toLocaleString("en-US");
  const point = (curve, stop) => curves[curve].points[stops[stop].points[curve]] ?? null;
  const show = (node, value, content) => {
    node.setAttribute("value", value ?? "");
    node.textContent = content;
  };

  // What changes with the stop.
  const numbers = all("data[data-key]");
  const cursors = all(".plot:not([data-chart=histogram]) .cursor");
  const histogramPlot = document.querySelector(".plot[data-chart=histogram]");
  const plots = all(".plot");
  const slider = element("sparsity");
  const sparsityText = (stop) => stops[stop].text;

  const valueText = (chart) =>
    (details.charts[chart] ?? []).map((line) =>
      (line.label ? line.label + " " : "") + text(line.key, line.curve, chosen)).join(", ");

  const decibelPlace = (decibels) => {
    const { edges_db: edges } = details.histogram;
    const [low, high] = [edges[0], edges[edges.length - 1]];
    return 100 * Math.min(Math.max((decibels - low) / (high - low), 0), 1);
  };

  const drawHistogram = () => {
    if (!histogramPlot || histogramPlot.dataset.curve === undefined) return;
    const decibels = point(Number(histogramPlot.dataset.curve), chosen)?.threshold_db;
    const place = decibels == null ? 0 : decibelPlace(decibels);
    element("left-part").setAttribute("x", place);
    const line = histogramPlot.querySelector(".cursor");
    for (const name of ["x1", "x2"]) line.setAttribute(name, place + "%");
  };

  // What layers and pixels show is the first curve's.
  const leadPoint = (stop) => stops[stop].points[0];
  const drawLayers = () => {
    const states = details.layers[leadPoint(chosen)] ?? [];
    for (const bar of all("rect[data-layer]")) bar.setAttribute("width", (states[bar.dataset.layer]?.bar ?? 0) + "%");
    for (const node of all("data[data-layer]")) {
      const state = states[node.dataset.layer];
      const { field } = node.dataset;
      show(node, state?.[field], state?.[`${field}Text`] ?? "–");
    }
  };

  const mostOf = (counts) => counts.reduce((most, count) => Math.max(most, count), 0);
  const drawPixels = (picture, counts) => {
    const { width } = details.pictures;
    const paths = picture.querySelectorAll("path");
    const most = Math.max(mostOf(counts), 1);
    const shade = (index) => Math.floor((counts[index] * paths.length + most - 1) / most);
    const outlines = Array.from(paths, () => "");
    for (let start = 0, end; start < counts.length; start = end) {
      const rowEnd = (Math.floor(start / width) + 1) * width;
      for (end = start + 1; end < rowEnd && shade(end) === shade(start); end += 1);
      if (shade(start) > 0) {
        outlines[shade(start) - 1] += `M${start % width} ${Math.floor(start / width)}h${end - start}v1h-${end - start}z`;
      }
    }
    paths.forEach((path, index) => path.setAttribute("d", outlines[index]));
  };
  const countsAt = (stop) => details.pictures?.connections[leadPoint(stop)] ?? [];
  const drawPicture = () => {
    const picture = document.querySelector("svg.pixels");
    if (!picture) return;
    const { width } = details.pictures;
    const counts = countsAt(chosen);
    drawPixels(picture, counts);
    const most = mostOf(counts);
    const place = counts.indexOf(most);
    const values = {
      unused: counts.filter((count) => count === 0).length, most,
      row: Math.floor(place / width) + 1, column: (place % width) + 1,
    };
    for (const node of all("data[data-pixels]")) {
      const value = counts.length === 0 ? null : values[node.dataset.pixels];
      show(node, value, value === null ? "–" : counted(value));
    }
  };

  let announcement;
  const announce = () => {
    clearTimeout(announcement);
    announcement = setTimeout(() => {
      element("status").textContent =
        `${sparsityText(chosen)} sparsity: ` + all(".figures > div").map((figure) =>
          [...figure.children].map((part) => part.textContent).join(" ")).join("; ");
    }, 300);
  };

  const choose = (stop) => {
    const next = Math.min(Math.max(stop, 0), stops.length - 1);
    if (next === chosen) return;
    chosen = next;
    for (const node of numbers) {
      const { curve, key, bare, format } = node.dataset;
      const value = key === "sparsity" ? stops[chosen].sparsity : point(curve, chosen)?.[key];
      show(node, value, text(format ?? key, curve, chosen, bare !== undefined));
    }
    for (const line of cursors) {
      for (const name of ["x1", "x2"]) line.setAttribute(name, stops[chosen].x + "%");
    }
    for (const node of all("[data-stop]")) node.classList.toggle("on", Number(node.dataset.stop) === chosen);
    drawHistogram();
    drawLayers();
    drawPicture();
    describe();
    announce();
  };

  const describe = () => {
    if (slider) {
      slider.value = chosen;
      slider.setAttribute("aria-valuetext", `${sparsityText(chosen)} sparsity`);
      element("best").hidden = chosen === details.chosen;
    }
    for (const plot of plots) {
      if (plot === histogramPlot) continue;
      plot.setAttribute("aria-valuenow", chosen);
      plot.setAttribute("aria-valuetext", `${sparsityText(chosen)} sparsity: ${valueText(plot.dataset.chart)}`);
    }
  };

  // The pointer.
  const tip = element("tip");
  const node = (name, content, className) => {
    const made = document.createElement(name);
    made.textContent = content ?? "";
    if (className) made.className = className;
    return made;
  };
  const hideTip = () => { tip.hidden = true; };
  const place = (x, y) => {
    tip.hidden = false;
    const room = document.documentElement.clientWidth;
    const width = tip.offsetWidth;
    const left = x + 16 + width < room ? x + 16 : x - 16 - width;
    tip.style.left = `${Math.max(4, Math.min(left, room - width - 4)) + window.scrollX}px`;
    tip.style.top = `${y + window.scrollY + 14}px`;
  };
  const showTip = (chart, x, y) => {
    tip.replaceChildren(node("b", `${sparsityText(chosen)} sparsity`));
    const lines = details.charts[chart];
    const keys = all(`#chart-${chart} .now > span > .key`);
    lines.forEach((line, index) => {
      const row = node("div");
      if (lines.length > 1) row.append(keys[index].cloneNode(true));
      if (line.label) row.append(node("span", line.label + " ", "quiet"));
      row.append(node("span", text(line.key, line.curve, chosen)));
      if ((line.key === "error" || line.key === "rmse") && point(line.curve, chosen)) {
        const [low, high] = ["low", "high"].map((end) => text(`${line.key}_${end}`, line.curve, chosen, true));
        row.append(node("span", ` (${low}–${high})`, "quiet"));
      }
      tip.append(row);
    });
    place(x, y);
  };

  // The place of the pointer in a frame, in percent of its width.
  const percent = (plot, event) => {
    const box = plot.querySelector(".frame").getBoundingClientRect();
    return 100 * (event.clientX - box.left) / box.width;
  };
  const nearest = (x) => {
    let best = 0;
    stops.forEach((stop, index) => { if (Math.abs(stop.x - x) < Math.abs(stops[best].x - x)) best = index; });
    return best;
  };

  const probeText = element("probe-text");
  const remark = probeText?.textContent;
  let probed = null;
  // The reader's own threshold: between two bins, where the share of the weights below is known exactly.
  const probe = (edge) => {
    const { edges_db: edges } = details.histogram;
    probed = Math.min(Math.max(edge, 0), edges.length - 1);
    const line = histogramPlot.querySelector(".probe");
    line.classList.add("on");
    for (const name of ["x1", "x2"]) line.setAttribute(name, decibelPlace(edges[probed]) + "%");
    probeText.textContent = details.probes[probed];
    histogramPlot.setAttribute("aria-valuenow", probed);
    histogramPlot.setAttribute("aria-valuetext", probeText.textContent);
  };
  const stopProbing = () => {
    if (probed === null) return;
    probed = null;
    histogramPlot.querySelector(".probe").classList.remove("on");
    probeText.textContent = remark;
  };

  const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -5, PageUp: 5 };
  for (const plot of plots) {
    const isHistogram = plot === histogramPlot;
    const last = isHistogram ? details.histogram.counts.length : stops.length - 1;
    const [name, ...description] = plot.getAttribute("aria-label").split(". ");
    plot.setAttribute("aria-label", name);
    plot.setAttribute("aria-description", description.join(". "));
    plot.setAttribute("role", "slider");
    plot.setAttribute("tabindex", "0");
    plot.setAttribute("aria-valuemin", 0);
    plot.setAttribute("aria-valuemax", last);
    if (isHistogram) {
      plot.setAttribute("aria-valuenow", 0);
      plot.setAttribute("aria-valuetext", "arrow keys move a threshold");
    }
    const move = (event) => {
      const x = percent(plot, event);
      if (isHistogram) {
        probe(Math.round(x / 100 * last));
        tip.replaceChildren(node("span", probeText.textContent));
        place(event.clientX, event.clientY);
      } else {
        choose(nearest(x));
        showTip(plot.dataset.chart, event.clientX, event.clientY);
      }
    };
    plot.addEventListener("pointermove", move);
    plot.addEventListener("pointerdown", move);
    const leave = () => { hideTip(); if (isHistogram) stopProbing(); };
    plot.addEventListener("pointerleave", leave);
    plot.addEventListener("pointercancel", leave);
    plot.addEventListener("blur", leave);
    plot.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { leave(); return; }
      const now = isHistogram ? probed ?? Math.round(last / 2) : chosen;
      const next = event.key === "Home" ? 0 : event.key === "End" ? last : now + steps[event.key];
      if (Number.isNaN(next) || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      if (isHistogram) probe(next); else choose(next);
    });
  }

  const picture = document.querySelector("svg.pixels");
  if (picture) {
    const { width, height } = details.pictures;
    const line = element("pixel-text");
    picture.addEventListener("pointermove", (event) => {
      const box = picture.getBoundingClientRect();
      const scale = Math.min(box.width / width, box.height / height);
      const column = Math.floor((event.clientX - box.left - (box.width - scale * width) / 2) / scale);
      const row = Math.floor((event.clientY - box.top - (box.height - scale * height) / 2) / scale);
      const counts = countsAt(chosen);
      if (counts.length === 0 || row < 0 || row >= height || column < 0 || column >= width) return;
      line.textContent = `Row ${row + 1}, column ${column + 1}: ${counted(counts[row * width + column])} left.`;
    });
    picture.addEventListener("pointerleave", () => { line.textContent = ""; });
    // Small pictures of at most sixteen sparsities, to compare and to choose.
    const strip = element("strip");
    const last = stops.length - 1;
    const shown = stops.map((_, index) => index)
      .filter((index) => last < 16 || Math.round(Math.round(index * 15 / last) * last / 15) === index);
    for (const stop of shown) {
      const counts = countsAt(stop);
      if (counts.length === 0 || last === 0) continue;
      const button = node("button", "", stop === chosen ? "on" : "");
      const small = picture.cloneNode(true);
      for (const name of ["class", "role", "aria-labelledby"]) small.removeAttribute(name);
      small.setAttribute("aria-hidden", "true");
      drawPixels(small, counts);
      button.type = "button";
      button.dataset.stop = stop;
      button.append(small, sparsityText(stop));
      button.addEventListener("click", () => choose(stop));
      strip.append(button);
      strip.hidden = false;
    }
  }

  for (const row of all("tr[data-stop]")) row.addEventListener("click", () => choose(Number(row.dataset.stop)));
  if (slider) {
    document.querySelector(".slider").hidden = false;
    slider.addEventListener("input", () => choose(Number(slider.value)));
    element("less").addEventListener("click", () => choose(chosen - 1));
    element("more").addEventListener("click", () => choose(chosen + 1));
    element("best").addEventListener("click", () => { choose(details.chosen); slider.focus(); });
  }
  for (const copy of all(".copy")) {
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      const command = copy.parentElement.querySelector("code");
      try {
        await navigator.clipboard.writeText(command.textContent);
        copy.textContent = "copied";
      } catch {
        // No access to the clipboard: what is selected can be copied by hand.
        getSelection().selectAllChildren(command);
        copy.textContent = "selected";
      }
    });
  }
  describe();
})();
