#!/usr/bin/env python3
"""Bytes, test error and divergence of a pruned network against the precision of `bbbprune export`, as an SVG.

    python3 Benchmarks/precision_plot.py CHECKPOINT… --dataset-folder FOLDER -o docs/file-size.svg

For up to three posterior checkpoints and MNIST's test images; what is measured and how is told in file_size.py.
Builds bbbprune and makes a Python environment of its own beside this file.
"""

import argparse, math, os, sys

import environment, file_size

PRECISIONS = [0.002, 0.003, 0.005, 0.007, 0.01, 0.015, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2]
LABELLED = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2]
DEFAULT = 0.015
COLOURS = ["#1f6fb4", "#c2571a", "#3a8a3f"]
WIDTH, LEFT, RIGHT, TOP, HEIGHT, GAP = 760, 70, 24, 108, 190, 56
PANELS = [("size, kB", lambda row: row.bytes / 1000),
          ("error, %", lambda row: row.errors / 100),  # of 10,000 images
          ("divergence from the unpruned network, 10⁻³ nats", lambda row: 1000 * row.divergence)]


def measure(program, checkpoint, sparsity, dataset_folder):
    _, test = file_size.open_checkpoint(program, [checkpoint], dataset_folder, None)
    rows = []
    for precision in PRECISIONS:
        print(f"{checkpoint}: {precision} …", file=sys.stderr, flush=True)
        functions = file_size.bbbprune_file(program, [checkpoint, "--sparsity", sparsity], f"--precision {precision}")
        rows.append(file_size.measure(sparsity, str(precision), "bbbprune", None, functions, test))
    return rows


def ticks(low, high):
    """1, 2 and 5 times powers of ten, or the powers alone if that is many; from below the lowest to above the highest."""
    for factors in ((1, 2, 5), (1,)):
        marks = [factor * 10.0 ** exponent for exponent in range(-9, 10) for factor in factors]
        first = max(index for index, mark in enumerate(marks) if mark <= low)
        last = min(index for index, mark in enumerate(marks) if mark >= high)
        if last - first <= 7:
            break
    return marks[first : last + 1]


def text(x, y, content, anchor="start", extra=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{extra}>{content}</text>'


def draw(networks):
    height = TOP + len(PANELS) * (HEIGHT + GAP) + 6
    low, high = math.log(PRECISIONS[0]), math.log(PRECISIONS[-1])

    def across(precision):
        return LEFT + (WIDTH - LEFT - RIGHT) * (math.log(precision) - low) / (high - low)

    share = 100 * float(networks[0][1][0].sparsity)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
             f'viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="title" font-family="system-ui, '
             "-apple-system, 'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif\" "
             'font-size="13" fill="#222">',
             '<title id="title">File size, error and divergence against precision</title>',
             f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
             text(20, 32, f"File size, error and divergence against precision, {share:g} % removed first",
                  extra=' font-size="18" font-weight="600"')]
    x = 20
    for (name, _), colour in zip(networks, COLOURS):
        parts += [f'<line x1="{x}" y1="56" x2="{x + 22}" y2="56" stroke="{colour}" stroke-width="2.2"/>',
                  text(x + 30, 60.5, name)]
        x += 50 + 7.6 * len(name)
    for panel, (unit, value) in enumerate(PANELS):
        top = TOP + panel * (HEIGHT + GAP)
        values = [value(row) for _, rows in networks for row in rows]
        marks = ticks(min(values), max(values))

        def up(number):
            return top + HEIGHT * math.log(marks[-1] / number) / math.log(marks[-1] / marks[0])

        parts.append(text(20, top - 10, unit, extra=' font-weight="600"'))
        for mark in marks:
            parts += [f'<line x1="{LEFT}" y1="{up(mark):.1f}" x2="{WIDTH - RIGHT}" y2="{up(mark):.1f}" '
                      'stroke="#e4e4e4"/>', text(LEFT - 8, up(mark) + 4.5, f"{mark:,g}", "end")]
        for precision in LABELLED:
            x = across(precision)
            parts += [f'<line x1="{x:.1f}" y1="{top}" x2="{x:.1f}" y2="{top + HEIGHT}" stroke="#e4e4e4"/>',
                      text(x, top + HEIGHT + 18, f"{precision:g}", "middle")]
        x = across(DEFAULT)
        parts.append(f'<line x1="{x:.1f}" y1="{top}" x2="{x:.1f}" y2="{top + HEIGHT}" stroke="#777" '
                     'stroke-dasharray="4 3"/>')
        if panel == 0:
            parts.append(text(x + 6, top + 14, f"default, {DEFAULT}", extra=' fill="#555"'))
        for (_, rows), colour in zip(networks, COLOURS):
            places = [(across(float(row.way)), up(value(row))) for row in rows]
            parts.append(f'<polyline fill="none" stroke="{colour}" stroke-width="2.2" points="'
                         + " ".join(f"{x:.1f},{y:.1f}" for x, y in places) + '"/>')
            parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places]
    parts += [text((LEFT + WIDTH - RIGHT) / 2, height - 18, "precision, nats per weight", "middle"), "</svg>"]
    return "\n".join(parts) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("checkpoint", nargs="+", help="posteriors of multilayer perceptrons, up to three")
    parser.add_argument("--dataset-folder", required=True, metavar="FOLDER",
                        help="where MNIST's test files are, or a folder mnist with them")
    parser.add_argument("--sparsity", default="0.95", help="default: %(default)s")
    parser.add_argument("--bbbprune", metavar="PROGRAM", help="the tool, if it should not be built")
    parser.add_argument("-o", "--output", required=True, metavar="FILE")
    options = parser.parse_args()
    environment.enter("numpy", "scipy", "safetensors")
    program = file_size.tool(options.bbbprune)
    networks = [(os.path.basename(checkpoint), measure(program, checkpoint, options.sparsity, options.dataset_folder))
                for checkpoint in options.checkpoint]
    with open(options.output, "w") as file:
        file.write(draw(networks))


if __name__ == "__main__":
    main()
