#!/usr/bin/env python3
"""The same pairs as `antequem batch pairs.csv`, by what many would write with OpenCV.

SIFT, ratio test, USAC_MAGSAC homography, warp, SSIM (Wang et al. 2004, 11 px Gaussian),
and the same eight pictures, small picture, report and table as `antequem batch`
writes for a pair. Processes share the pairs; OpenCV itself stays at one thread each.

usage: opencv_pairs.py PAIRS.csv OUT [PROCESSES]
"""
import csv, html, json, multiprocessing, os, sys
import cv2
import numpy as np


def ssim(a, b):
    a, b = a.astype(np.float32), b.astype(np.float32)
    blur = lambda x: cv2.GaussianBlur(x, (11, 11), 1.5)
    ma, mb = blur(a), blur(b)
    va, vb, vab = blur(a * a) - ma * ma, blur(b * b) - mb * mb, blur(a * b) - ma * mb
    c1, c2 = 6.5025, 58.5225
    return (2 * ma * mb + c1) * (2 * vab + c2) / ((ma * ma + mb * mb + c1) * (va + vb + c2))


def align(before, after):
    sift = cv2.SIFT_create()
    ka, da = sift.detectAndCompute(before, None)
    kb, db = sift.detectAndCompute(after, None)
    if da is None or db is None or len(ka) < 8 or len(kb) < 8:
        return None, None
    good = [m for m, n in cv2.BFMatcher().knnMatch(da, db, k=2) if m.distance < 0.75 * n.distance]
    if len(good) < 8:
        return None, None
    p = np.float64([ka[m.queryIdx].pt for m in good])
    q = np.float64([kb[m.trainIdx].pt for m in good])
    h, inlier = cv2.findHomography(p, q, cv2.USAC_MAGSAC, 3.0, confidence=0.999, maxIters=10000)
    if h is None:
        return None, None
    return h, np.hstack([p, q, inlier.reshape(-1, 1)])


def heat_layer(score, valid):
    share = np.clip((score - 0.3) / 0.5, 0, 1)
    layer = cv2.applyColorMap((score * 255).astype(np.uint8), cv2.COLORMAP_INFERNO)
    return np.dstack([layer, np.where((share > 0) & (valid > 0), 60 + 175 * share, 0).astype(np.uint8)])


def residuals(grey, ties, h):
    out = cv2.cvtColor((grey * 0.5 + 30).astype(np.uint8), cv2.COLOR_GRAY2BGR)
    at = cv2.perspectiveTransform(ties[None, :, :2], h)[0]
    for (x, y, u, v, ok), (mx, my) in zip(ties, at):
        p = (int(x), int(y))
        if ok:
            cv2.arrowedLine(out, p, (int(x + 10 * (mx - u)), int(y + 10 * (my - v))), (0, 220, 255), 1, cv2.LINE_AA)
        else:
            cv2.drawMarker(out, p, (150, 150, 150), cv2.MARKER_TILTED_CROSS, 6)
    return out


def overview(before, after, score, words):
    h, w = before.shape[:2]
    out = np.zeros((h + 50, 3 * w + 16, 3), np.uint8)
    grey = cv2.cvtColor(cv2.cvtColor(before, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    heat = cv2.addWeighted(grey, 0.5, cv2.applyColorMap((score * 255).astype(np.uint8), cv2.COLORMAP_INFERNO), 0.5, 0)
    for i, (panel, text) in enumerate(zip((before, after, heat), words)):
        x = i * (w + 8)
        out[:h, x:x + w] = panel
        cv2.putText(out, text, (x + 6, h + 30), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (255, 255, 255), 1, cv2.LINE_AA)
    return out


def pair(job):
    row, base, out = job
    cv2.setNumThreads(1)
    name = (row.get("name") or row["before"]).strip().lower().replace(" ", "-")
    before, after = (cv2.imread(os.path.join(base, row[k])) for k in ("before", "after"))
    if before is None or after is None:
        return {"name": name, "status": "failed"}
    folder = os.path.join(out, name)
    os.makedirs(folder, exist_ok=True)
    write = lambda file, image: cv2.imwrite(os.path.join(folder, file), image)
    write("before.png", before)
    grey_before, grey_after = (cv2.cvtColor(x, cv2.COLOR_BGR2GRAY) for x in (before, after))
    h, ties = align(grey_before, grey_after)
    if h is None:
        return {"name": name, "status": "unaligned"}
    size = before.shape[1::-1]
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    moved = cv2.warpPerspective(after, h, size, flags=flags)
    valid = cv2.warpPerspective(np.full(after.shape[:2], 255, np.uint8), h, size, flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP)
    score = np.clip(1 - ssim(grey_before, cv2.cvtColor(moved, cv2.COLOR_BGR2GRAY)), 0, 1) * (valid > 0)
    write("after.png", np.dstack([moved, valid]))
    write("change.png", (score * 65535 + 0.5).astype(np.uint16))
    write("valid.png", valid)
    write("heat.png", heat_layer(score, valid))
    write("residuals.png", residuals(grey_before, ties, h))
    drawn = overview(before, moved, score, ("Before: " + row["before"], "After: " + row["after"], "1 - SSIM"))
    write("overview.png", drawn)
    write("thumb.jpg", cv2.resize(drawn, (320, 320 * drawn.shape[0] // drawn.shape[1]), interpolation=cv2.INTER_AREA))
    result = {"name": name, "status": "aligned", "matrix": h.tolist(), "tie_points": int(ties[:, 4].sum()), "mean_score": float(score.mean())}
    with open(os.path.join(folder, "report.json"), "w") as f:
        json.dump(result, f, indent=2)
    with open(os.path.join(folder, "report.html"), "w") as f:
        f.write("<!doctype html><title>%s</title><img src=overview.png><pre>%s</pre>" % (html.escape(name), html.escape(json.dumps(result))))
    return result


def main():
    table, out = sys.argv[1], sys.argv[2]
    processes = int(sys.argv[3]) if len(sys.argv) > 3 else 2
    os.makedirs(out, exist_ok=True)
    with open(table, encoding="utf-8-sig") as f:
        jobs = [(row, os.path.dirname(table), out) for row in csv.DictReader(f)]
    with multiprocessing.Pool(processes) as pool:
        results = pool.map(pair, jobs, chunksize=1)
    with open(os.path.join(out, "results.json"), "w") as f:
        f.writelines(json.dumps(r) + "\n" for r in results)
    cells = "".join("<tr><td><a href='%s/report.html'>%s</a><td>%s<td><img src='%s/thumb.jpg'>" % (r["name"], r["name"], r["status"], r["name"]) for r in results)
    with open(os.path.join(out, "report.html"), "w") as f:
        f.write("<!doctype html><table>" + cells + "</table>")


main()
