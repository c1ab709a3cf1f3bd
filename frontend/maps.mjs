// Outlines of the world's countries and of the states of the US, projected and rounded, as maps.json holds them.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { geoAlbersUsa, geoNaturalEarth1, geoPath } from "d3-geo";
import { feature } from "topojson-client";

const { resolve } = createRequire(import.meta.url);

// FIPS 5-2: the number that the census gives a state, and its two letters.
const STATES = new Map(
  ("01AL 02AK 04AZ 05AR 06CA 08CO 09CT 10DE 11DC 12FL 13GA 15HI 16ID 17IL 18IN 19IA 20KS 21KY 22LA 23ME 24MD 25MA 26MI " +
    "27MN 28MS 29MO 30MT 31NE 32NV 33NH 34NJ 35NM 36NY 37NC 38ND 39OH 40OK 41OR 42PA 44RI 45SC 46SD 47TN 48TX 49UT 50VT " +
    "51VA 53WA 54WV 55WI 56WY")
    .split(" ")
    .map((each) => [each.slice(0, 2), each.slice(2)]),
);

/** Return both maps; the same input makes the same bytes. */
export function maps() {
  return {
    us: drawn("us-atlas/states-10m.json", "states", geoAlbersUsa(), [960, 600], (id) => STATES.get(id) ?? ""),
    world: drawn("world-atlas/countries-110m.json", "countries", geoNaturalEarth1(), [960, 500], country),
  };
}

/** Return the two letters of a country's number (ISO 3166-1), as Unicode's aliases of regions have them. */
function country(number) {
  const region = number ? new Intl.Locale(`und-${number}`).region : "";
  return /^[A-Z]{2}$/.test(region ?? "") ? region : "";
}

function drawn(file, layer, projection, [width, height], codeOf) {
  const topology = JSON.parse(readFileSync(resolve(file), "utf8"));
  const shapes = feature(topology, topology.objects[layer]);
  projection.fitSize([width, height], shapes);
  const regions = shapes.features
    .map((shape) => ({ code: codeOf(shape.id), name: shape.properties.name, path: outline(shape, projection) }))
    .filter(({ path }) => path); // the projection of the US has no place for its islands far away
  regions.sort((one, other) => (one.name < other.name ? -1 : 1));
  return { height, regions, width };
}

/** Return the outline of a shape in whole units: each point once, none in the middle of a line, no ring without area. */
function outline(shape, projection) {
  const rings = [];
  const context = {
    moveTo: (x, y) => rings.push([[x, y]]),
    lineTo: (x, y) => rings.at(-1).push([x, y]),
    closePath: () => {},
    arc: () => {},
  };
  geoPath(projection, context)(shape);
  const whole = rings.map(rounded).filter((ring) => ring.length > 2);
  return whole.map((ring) => `M${ring.map((point) => point.join(",")).join("L")}Z`).join("");
}

function rounded(ring) {
  const kept = [];
  for (const point of ring.map((each) => each.map(Math.round))) {
    while (kept.length && (same(kept.at(-1), point) || (kept.length > 1 && between(kept.at(-2), kept.at(-1), point)))) kept.pop();
    kept.push(point);
  }
  while (kept.length > 1 && same(kept[0], kept.at(-1))) kept.pop();
  return kept;
}

function same([x, y], [otherX, otherY]) {
  return x === otherX && y === otherY;
}

function between([x, y], [middleX, middleY], [endX, endY]) {
  return (middleX - x) * (endY - y) === (middleY - y) * (endX - x);
}
