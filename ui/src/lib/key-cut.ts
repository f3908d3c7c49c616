/** The key cut: the silhouette below the entry screens, drawn from the address of the server. Decoration, no proof. */

const CUTS = 16;
/** Size of the drawing; one cut is a sixteenth of its width. */
export const WIDTH = 1440;
export const HEIGHT = 168;
/** Height of a full cut's floor below the top, and of one step. */
const FLOOR = 96;
const STEP = 16;

/** Depths 0 to 4 of the cuts for a place's id (its origin, or `local`). */
export async function cutDepths(origin: string): Promise<number[]> {
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(origin));
    return [...new Uint8Array(digest, 0, CUTS)].map((byte) => byte % 5);
}

/** The outline as SVG path data: flats joined by flanks of 45 degrees, each centred on the border of two cuts. */
export function cutPath(depths: number[]): string {
    const width = WIDTH / depths.length;
    const heights = depths.map((depth) => FLOOR - STEP * depth);
    let path = `M0 ${HEIGHT}V${heights[0] ?? FLOOR}`;
    heights.slice(1).forEach((height, index) => {
        const border = (index + 1) * width;
        const half = Math.abs(height - (heights[index] ?? height)) / 2;
        path += `H${border - half}L${border + half} ${height}`;
    });
    return `${path}H${WIDTH}V${HEIGHT}Z`;
}
