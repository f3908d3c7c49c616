/**
 * Geometry of the crop, as pure functions. Lengths are in pixels of the upright picture unless they say `stage`, which
 * are CSS pixels of the circle on the screen.
 */

import type { CropSquare } from '$bindings/CropSquare';

/** A picture's size. */
export interface Picture {
    width: number;
    height: number;
}

/** Which part of the picture the circle shows. */
export interface Crop {
    /** 1 is the smallest zoom: the circle as wide as the picture's shorter side. */
    zoom: number;
    /** Middle of the circle. */
    x: number;
    y: number;
}

/** Pixels a side of the largest avatar that is kept. */
const AVATAR = 512;
const LEAST_RANGE = 3;
const GREATEST_ZOOM = 10;

/** How far one may zoom in: three times, or further while there is more than an avatar's worth of pixels. */
export function greatestZoom(picture: Picture): number {
    return Math.min(GREATEST_ZOOM, Math.max(LEAST_RANGE, shorterSide(picture) / AVATAR));
}

/** The whole width of the circle on the middle of the picture. */
export function startingCrop(picture: Picture): Crop {
    return { zoom: 1, x: picture.width / 2, y: picture.height / 2 };
}

/** The nearest crop that stays within the picture and its zoom range. */
export function fit(crop: Crop, picture: Picture): Crop {
    const zoom = clamp(crop.zoom, 1, greatestZoom(picture));
    const half = shorterSide(picture) / zoom / 2;
    return {
        zoom,
        x: clamp(crop.x, half, picture.width - half),
        y: clamp(crop.y, half, picture.height - half),
    };
}

/** Stage pixels a picture pixel takes. */
export function scale(crop: Crop, picture: Picture, circle: number): number {
    return (circle * crop.zoom) / shorterSide(picture);
}

/** Moves the picture under the circle by stage pixels. */
export function move(crop: Crop, picture: Picture, circle: number, right: number, down: number): Crop {
    const perPixel = scale(crop, picture, circle);
    return fit({ ...crop, x: crop.x - right / perPixel, y: crop.y - down / perPixel }, picture);
}

/**
 * Zooms so that the point under `right`, `down` (stage pixels from the middle of the circle) stays where it is, as far
 * as the picture reaches.
 */
export function zoomTo(crop: Crop, picture: Picture, circle: number, zoom: number, right = 0, down = 0): Crop {
    const before = scale(crop, picture, circle);
    const zoomed = { ...crop, zoom: clamp(zoom, 1, greatestZoom(picture)) };
    const after = scale(zoomed, picture, circle);
    return fit(
        {
            zoom: zoomed.zoom,
            x: crop.x + right / before - right / after,
            y: crop.y + down / before - down / after,
        },
        picture,
    );
}

/** The square to cut out; it never reaches over the picture's edges. */
export function cropSquare(crop: Crop, picture: Picture): CropSquare {
    const fitted = fit(crop, picture);
    const side = shorterSide(picture) / fitted.zoom;
    return {
        x: clamp(fitted.x - side / 2, 0, picture.width - side),
        y: clamp(fitted.y - side / 2, 0, picture.height - side),
        side,
    };
}

function shorterSide(picture: Picture): number {
    return Math.min(picture.width, picture.height);
}

function clamp(value: number, least: number, most: number): number {
    return Math.min(Math.max(value, least), most);
}
