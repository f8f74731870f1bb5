export function basename(path: string, suffix?: string): string;
export function dirname(path: string): string;
export function join(...parts: string[]): string;
export function resolve(...parts: string[]): string;
