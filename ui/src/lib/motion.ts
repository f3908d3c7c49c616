/** How things come and go. Durations follow the tokens; leaving takes two thirds of coming. */

import type { TransitionConfig } from 'svelte/transition';

const EASE = (t: number) => 1 - (1 - t) ** 3;

function reduced(): boolean {
    return window.matchMedia('(prefers-reduced-motion: reduce)').matches;
}

function transition(duration: number, css: (t: number) => string): TransitionConfig {
    return { duration: reduced() ? 0 : duration, easing: EASE, css };
}

type Motion = (node: Element) => TransitionConfig;

const lift = (t: number) => `opacity: ${t}; transform: translateY(${(1 - t) * -4}px)`;
const grow = (t: number) => `opacity: ${t}; transform: scale(${0.98 + 0.02 * t})`;
const raise = (t: number) => `opacity: ${t}; transform: translateY(${(1 - t) * 8}px)`;

export const menuIn: Motion = () => transition(160, lift);
export const menuOut: Motion = () => transition(107, lift);
export const dialogIn: Motion = () => transition(240, grow);
export const dialogOut: Motion = () => transition(160, grow);
export const toastIn: Motion = () => transition(160, raise);
export const toastOut: Motion = () => transition(107, raise);
