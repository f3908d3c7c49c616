import { describe, expect, test } from 'vitest';
import { cropSquare, fit, greatestZoom, move, scale, startingCrop, zoomTo, type Crop, type Picture } from '$lib/crop';

/** Mulberry32: the same numbers every time. */
function random(seed: number): () => number {
    let state = seed;
    return () => {
        state = (state + 0x6d2b79f5) | 0;
        let bits = Math.imul(state ^ (state >>> 15), 1 | state);
        bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
        return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
    };
}

const CIRCLE = 280;
const SLACK = 1e-6;

/** Pictures of every shape, from one pixel to the largest, each with a walk of moves and zooms. */
function* walks(): Generator<{ picture: Picture; crop: Crop; next: () => number }> {
    const next = random(20261123);
    for (let round = 0; round < 300; round += 1) {
        const side = () => Math.max(1, Math.round(10 ** (next() * 4)));
        const picture = { width: side(), height: side() };
        let crop = startingCrop(picture);
        for (let step = 0; step < 12; step += 1) {
            const pixels = () => (next() - 0.5) * 2_000;
            crop =
                next() < 0.5
                    ? move(crop, picture, CIRCLE, pixels(), pixels())
                    : zoomTo(crop, picture, CIRCLE, next() * 14 - 1, pixels() / 8, pixels() / 8);
            yield { picture, crop, next };
        }
    }
}

test('the square never reaches over the picture, whatever was done', () => {
    for (const { picture, crop } of walks()) {
        const { x, y, side } = cropSquare(crop, picture);
        expect(side).toBeGreaterThan(0);
        expect(x).toBeGreaterThanOrEqual(0);
        expect(y).toBeGreaterThanOrEqual(0);
        expect(x + side).toBeLessThanOrEqual(picture.width + SLACK);
        expect(y + side).toBeLessThanOrEqual(picture.height + SLACK);
    }
});

test('the picture always fills the circle', () => {
    for (const { picture, crop } of walks()) {
        const perPixel = scale(crop, picture, CIRCLE);
        expect(picture.width * perPixel).toBeGreaterThanOrEqual(CIRCLE - SLACK);
        expect(picture.height * perPixel).toBeGreaterThanOrEqual(CIRCLE - SLACK);
        expect(crop.zoom).toBeGreaterThanOrEqual(1);
        expect(crop.zoom).toBeLessThanOrEqual(greatestZoom(picture));
    }
});

test('the square is what the circle shows', () => {
    for (const { picture, crop } of walks()) {
        const { x, y, side } = cropSquare(crop, picture);
        expect(side * scale(crop, picture, CIRCLE)).toBeCloseTo(CIRCLE, 6);
        expect(x + side / 2).toBeCloseTo(crop.x, 6);
        expect(y + side / 2).toBeCloseTo(crop.y, 6);
    }
});

test('fitting what fits changes nothing', () => {
    for (const { picture, crop } of walks()) {
        const again = fit(crop, picture);
        expect(again.zoom).toBe(crop.zoom);
        expect(again.x).toBeCloseTo(crop.x, 6);
        expect(again.y).toBeCloseTo(crop.y, 6);
    }
});

test('the point under the pointer stays where it is, unless an edge pushes it', () => {
    const picture = { width: 4000, height: 3000 };
    const start = zoomTo(startingCrop(picture), picture, CIRCLE, 2);
    const under = (crop: Crop) => crop.x + 30 / scale(crop, picture, CIRCLE);
    expect(under(zoomTo(start, picture, CIRCLE, 2.6, 30, 0))).toBeCloseTo(under(start), 6);
});

describe('a move', () => {
    const picture = { width: 4000, height: 3000 };
    const crop = zoomTo(startingCrop(picture), picture, CIRCLE, 2);

    test('shows what was further left when the picture goes right', () => {
        expect(move(crop, picture, CIRCLE, 10, 0).x).toBeLessThan(crop.x);
        expect(move(crop, picture, CIRCLE, 0, -10).y).toBeGreaterThan(crop.y);
    });

    test('is as long on the screen as the pointer went', () => {
        const moved = move(crop, picture, CIRCLE, 10, 0);
        expect((crop.x - moved.x) * scale(crop, picture, CIRCLE)).toBeCloseTo(10, 6);
    });

    test('stops at the edge', () => {
        expect(cropSquare(move(crop, picture, CIRCLE, 1e6, 1e6), picture)).toMatchObject({ x: 0, y: 0 });
    });
});

test('one may zoom further into a picture with more pixels', () => {
    expect(greatestZoom({ width: 300, height: 300 })).toBe(3);
    expect(greatestZoom({ width: 4096, height: 6000 })).toBe(8);
    expect(greatestZoom({ width: 40_000, height: 40_000 })).toBe(10);
});
