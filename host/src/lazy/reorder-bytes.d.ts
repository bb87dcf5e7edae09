/** The compiled `host/assembly/reorder.ts`, base64: the build writes the module, so that every bundle has it. */
export declare const REORDER_BYTES: string;
